// One dispatch: a shader that runs one kernel, or several that do not need each other side by side.
import { isPacked } from "../../base/dtype.js";
import { asReduction, type Buffer, buffersOf, buffersWritten, type Kernel } from "../../compile/kernel.js";
import { bytesOf } from "../../compile/memory.js";
import type { Program } from "../../compile/program.js";
import { Binding, elementType } from "./binding.js";
import { blockedBody } from "./blocked.js";
import { type Body, THREADS } from "./body.js";
import { ALIGNMENT, type WgslTarget } from "./card.js";
import { contractBody } from "./contract.js";
import { ZERO } from "./lanes.js";
import { mapBody, reduceBody, scanBody } from "./nest.js";
import { sortBody, withoutUnused } from "./sort.js";
import { Writer } from "./text.js";

/** Groups of one dispatch along one axis, at most. */
const MOST_GROUPS = 65535;

/** What is bound to a shader under one number: a buffer, or a range of the arena. */
export interface Bound {
  readonly buffer: Buffer;
  readonly written: boolean;
  readonly arena?: { readonly start: number; readonly bytes: number };
}

/** A shader, and what it is to be run on. */
export interface Dispatch {
  readonly kernels: readonly Kernel[];
  readonly text: string;
  /** By number of binding. */
  readonly bindings: readonly Bound[];
  /** Every buffer that its kernels touch. */
  readonly touched: readonly Buffer[];
  readonly groups: readonly [x: number, y: number];
}

const bodyOf = (kernel: Kernel, target: WgslTarget): Body => {
  if (kernel.kind === "map") return mapBody(kernel);
  if (kernel.kind === "reduce") return reduceBody(kernel, target.threads);
  if (kernel.kind === "line") {
    const { scan, sorts, name } = kernel.op;
    if (scan !== undefined) return scanBody(kernel, scan);
    if (sorts) return sortBody(kernel);
    throw new Error(`codegen: no code for cards goes along lines for ${name}`);
  }
  if (kernel.kind === "loop") throw new Error("compiler: loops are written out for WebGPU");
  const { blocks, threads } = target;
  if (blocks !== undefined) return blockedBody(kernel, { blocks, threads });
  return contractBody(kernel, target) ?? reduceBody(asReduction(kernel), threads);
};

/** Kernels that do not need each other, and what each does. */
interface Stage {
  readonly kernels: readonly Kernel[];
  readonly bodies: readonly Body[];
}

/** The dispatches of a program: one for each group of kernels, or for several groups that are too small for it. */
export function printProgram({ kernels, groups }: Program, target: WgslTarget): Dispatch[] {
  const given = (groups ?? kernels.map((k) => [k])).map((group) => group.map(withoutUnused));
  const all = given.flatMap((group) => (group.length === 1 || fits(group, target) ? [group] : group.map((k) => [k])));
  const stages = all.map((group): Stage => ({ kernels: group, bodies: group.map((k) => bodyOf(k, target)) }));
  const chains: Stage[][] = [];
  for (const stage of stages) {
    const last = chains.at(-1);
    const joins =
      target.beside &&
      last !== undefined &&
      [...last, stage].every((s) => isTiny(s, target)) &&
      fits(
        [...last, stage].flatMap((s) => s.kernels),
        target,
      );
    if (joins) last.push(stage);
    else chains.push([stage]);
  }
  return chains.map(printDispatch);
}

/** Whether one dispatch can be given all that kernels touch: the arena as one stretch, and the storages. */
function fits(kernels: readonly Kernel[], { mostBuffers, mostBinding }: WgslTarget): boolean {
  const touched = new Set(kernels.flatMap((k) => buffersOf(k)));
  const pieces = [...touched].filter((b) => b.storage === undefined);
  const { bytes } = stretchOf(pieces);
  const packedWritten = kernels.some((k) => k.stores.some((s) => isPacked(s.buffer.dtype)));
  return !packedWritten && bytes <= mostBinding && touched.size - pieces.length + 1 <= mostBuffers;
}

/** Microseconds that a dispatch of its own costs, roughly, a workgroup, and each step that it takes one after the other. */
const DISPATCH = 4;
const GROUP = 0.4;
const STEP = 0.02;

/** Whether a workgroup does all of a stage by itself in no more time than a dispatch would cost. */
function isTiny({ bodies }: Stage, { threads }: WgslTarget): boolean {
  const each = bodies.map((b) => GROUP + STEP * b.steps);
  const alone = bodies.reduce((n, b, i) => n + b.groups * each[i], 0);
  return alone - Math.max(...each) + STEP * threads.wait <= DISPATCH;
}

/** The part of the arena that some of its pieces lie in. */
function stretchOf(pieces: readonly Buffer[]): { start: number; bytes: number } {
  if (pieces.length === 0) return { start: 0, bytes: 0 };
  const start = Math.min(...pieces.map((b) => b.offset as number));
  const end = Math.max(...pieces.map((b) => (b.offset as number) + bytesOf(b, ALIGNMENT)));
  return { start, bytes: end - start };
}

function printDispatch(stages: readonly Stage[]): Dispatch {
  const kernels = stages.flatMap((s) => s.kernels);
  const bodies = stages.flatMap((s) => s.bodies);
  const touched = [...new Set(kernels.flatMap((k) => buffersOf(k)))];
  const { bindings, bound, declared } = bind(kernels, touched, new Set(bodies.flatMap((b) => b.fours ?? [])));
  const groups = stages.length > 1 ? 1 : bodies.reduce((n, b) => n + b.groups, 0);
  const x = Math.min(groups, MOST_GROUPS);
  const y = Math.ceil(groups / x);
  const tile = Math.max(0, ...bodies.map((b) => b.tile ?? 0));
  const halves = Math.max(0, ...bodies.map((b) => b.halves ?? 0));
  const lanes = Math.max(0, ...bodies.map((b) => b.lanes));
  const functions = bodies.map((body, i) => {
    const w = new Writer(`kernel${i}`);
    w.block(`fn kernel${i}(group: i32, lane: i32)`, () => body.print(w, bindings));
    return [...w.functions, ...w.lines].join("\n");
  });
  const number = y === 1 ? "i32(id.x)" : `i32(id.y * ${x}u + id.x)`;
  const text = [
    ...(halves > 0 ? ["enable f16;"] : []),
    ...declared,
    `var<private> ${ZERO}: u32;`,
    ...(lanes > 0 ? [`var<workgroup> lanes: array<u32, ${THREADS * lanes}>;`] : []),
    ...(tile > 0 ? [`var<workgroup> tile: array<vec4<f32>, ${tile}>;`] : []),
    ...(halves > 0 ? [`var<workgroup> halves: array<vec4<f16>, ${halves}>;`] : []),
    ...functions,
    `@compute @workgroup_size(${THREADS})`,
    "fn main(@builtin(workgroup_id) id: vec3<u32>, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) size: vec3<u32>) {",
    `${ZERO} = size.x >> 31u;`,
    ...(stages.length > 1 ? oneAfterTheOther(stages) : [`let group = ${number};`, ...sideBySide(bodies)]),
    "}",
  ].join("\n");
  return { kernels, text, bindings: bound, touched, groups: [x, y] };
}

/** Workgroups find their kernel by their number. */
function sideBySide(bodies: readonly Body[]): string[] {
  let start = 0;
  return bodies.map((body, i) => {
    const number = start > 0 ? `group - ${start}` : "group";
    start += body.groups;
    return `${i > 0 ? "else " : ""}if (group < ${start}) { kernel${i}(${number}, i32(lane)); }`;
  });
}

/** One workgroup runs all kernels, and its threads wait for each other before a kernel that reads what they wrote. */
function oneAfterTheOther(stages: readonly Stage[]): string[] {
  let i = 0;
  return stages.flatMap(({ bodies }) => [
    ...bodies.map((body) => {
      const call = `kernel${i++}(group, i32(lane));`;
      const shares = body.lanes > 0 || body.tile !== undefined ? " workgroupBarrier();" : "";
      return `for (var group = 0; group < ${body.groups}; group++) { ${call}${shares} }`;
    }),
    "storageBarrier();",
    "workgroupBarrier();",
  ]);
}

/**
 * Gives the buffers numbers. To the driver all pieces of the arena are one buffer, which one dispatch may not read under
 * one kind of access and write under another. Kernels side by side see it as one array of bits, so that they need few
 * bindings; a kernel by itself sees each piece alone, so that its text does not depend on where that lies.
 */
function bind(kernels: readonly Kernel[], touched: readonly Buffer[], fours: ReadonlySet<Buffer>) {
  const written = new Set(kernels.flatMap((k) => [...buffersWritten(k)]));
  const pieces = touched.filter((b) => b.storage === undefined);
  const arenaWritten = pieces.some((b) => written.has(b));
  const bindings = new Map<Buffer, Binding>();
  const bound: Bound[] = [];
  const declared: string[] = [];
  const declare = (buffer: Bound, type: string, four: boolean): string => {
    const access = buffer.written ? "storage, read_write" : "storage, read";
    const name = `b${bound.length}`;
    declared.push(
      `@group(0) @binding(${bound.length}) var<${access}> ${name}: array<${four ? `vec4<${type}>` : type}>;`,
    );
    bound.push(buffer);
    return name;
  };
  const together = kernels.length > 1 && pieces.length > 1;
  if (together) {
    const arena = stretchOf(pieces);
    const four = pieces.some((b) => fours.has(b));
    const name = declare({ buffer: pieces[0], written: arenaWritten, arena }, "u32", four);
    for (const b of pieces) bindings.set(b, new Binding(b, name, four, (b.offset as number) - arena.start, false));
  }
  for (const buffer of touched) {
    if (bindings.has(buffer)) continue;
    const four = fours.has(buffer);
    const writes = written.has(buffer);
    const packed = isPacked(buffer.dtype);
    const atomic = packed && writes;
    const type = !packed ? elementType(buffer) : atomic ? "atomic<u32>" : "u32";
    const name = declare({ buffer, written: writes || (arenaWritten && buffer.storage === undefined) }, type, four);
    bindings.set(buffer, new Binding(buffer, name, four, undefined, atomic));
  }
  return { bindings, bound, declared };
}
