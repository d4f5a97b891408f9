// Checks dispatches against WebGPU's rules. Some drivers do not notice a violation, and compute something else.
import { type Buffer, buffersOf, buffersWritten } from "../../compile/kernel.js";
import { bytesOf } from "../../compile/memory.js";
import { CompilerFault } from "../../compile/verify/fault.js";
import { THREADS } from "./body.js";
import { ALIGNMENT } from "./card.js";
import type { Bound, Dispatch } from "./dispatch.js";

/** What a card allows; names as WebGPU's limits have them. */
export interface DispatchLimits {
  readonly maxStorageBuffersPerShaderStage: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxComputeWorkgroupStorageSize: number;
}

const MOST_GROUPS = 65535;

/** Bytes of the arena that a binding covers. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

const stretchOf = ({ buffer, arena }: Bound): Stretch => {
  const start = arena?.start ?? (buffer.offset as number);
  return { start, end: start + (arena?.bytes ?? bytesOf(buffer, ALIGNMENT)) };
};
const inArena = ({ buffer }: Bound): boolean => buffer.storage === undefined;
const overlap = (a: Stretch, b: Stretch): boolean => a.start < b.end && b.start < a.end;

/** Throws a CompilerFault where a dispatch breaks a rule: of bindings, of aliasing, of alignment, or of limits. */
export function verifyDispatches(dispatches: readonly Dispatch[], limits: DispatchLimits): void {
  dispatches.forEach((dispatch, i) => {
    const fail = (problem: string): never => {
      throw new CompilerFault("print", `dispatch ${i} (${dispatch.kernels.map((k) => k.name).join(", ")}): ${problem}`);
    };
    verifyBindings(dispatch, fail);
    verifyAliasing(dispatch, fail);
    verifyLimits(dispatch, limits, fail);
  });
}

/** Of an element of a workgroup's memory. */
const BYTES = { u32: 4, "vec4<f16>": 8, "vec4<f32>": 16 };

type Fail = (problem: string) => never;

/**
 * The shader declares its bindings; they cover every buffer that its kernels touch, and may be written where kernels
 * write.
 */
function verifyBindings({ text, bindings, kernels }: Dispatch, fail: Fail): void {
  const declared = [...text.matchAll(/@binding\((\d+)\) var<storage, (read|read_write)>/g)];
  if (declared.length !== bindings.length) fail(`declares ${declared.length} buffers and is given ${bindings.length}`);
  bindings.forEach(({ written }, n) => {
    const [, number, access] = declared[n];
    if (Number(number) !== n || (access === "read_write") !== written)
      fail(`binding ${n} is declared as number ${number} to ${access}, and is ${written ? "" : "not "}written`);
  });
  const written = new Set(kernels.flatMap((k) => [...buffersWritten(k)]));
  for (const buffer of kernels.flatMap((k) => buffersOf(k))) {
    const bound = bindings.find((b) => covers(b, buffer));
    if (bound === undefined) fail(`${buffer.name} has no binding`);
    else if (written.has(buffer) && !bound.written) fail(`${buffer.name} is written, its binding is only read`);
  }
}

const covers = (bound: Bound, buffer: Buffer): boolean => {
  if (bound.arena === undefined || buffer.storage !== undefined) return bound.buffer === buffer;
  const { start, end } = stretchOf(bound);
  return (buffer.offset as number) >= start && (buffer.offset as number) + bytesOf(buffer, ALIGNMENT) <= end;
};

/** No byte is under two numbers, and one buffer is either only read or all of it may be written: the arena is one buffer. */
function verifyAliasing({ bindings }: Dispatch, fail: Fail): void {
  const storages = bindings.filter((b) => !inArena(b)).map((b) => b.buffer.storage);
  if (new Set(storages).size !== storages.length) fail("a storage has two bindings");
  const pieces = bindings.filter(inArena);
  if (pieces.some((b) => b.written) && !pieces.every((b) => b.written))
    fail("pieces of the arena are read under one kind of access and written under another");
  pieces.forEach((a, i) => {
    const { start } = stretchOf(a);
    if (start % ALIGNMENT !== 0) fail(`${a.buffer.name} begins at byte ${start}, no multiple of ${ALIGNMENT}`);
    for (const b of pieces.slice(i + 1))
      if (a.written && overlap(stretchOf(a), stretchOf(b)))
        fail(`${a.buffer.name} and ${b.buffer.name} share bytes of the arena`);
  });
}

function verifyLimits({ text, bindings, groups }: Dispatch, limits: DispatchLimits, fail: Fail): void {
  const most = limits.maxStorageBuffersPerShaderStage;
  if (bindings.length > most) fail(`needs ${bindings.length} buffers; ${most} are allowed`);
  for (const bound of bindings) {
    const { start, end } = inArena(bound) ? stretchOf(bound) : { start: 0, end: bytesOf(bound.buffer, 4) };
    if ((end - start) % 4 !== 0) fail(`binding of ${bound.buffer.name}: ${end - start} bytes are not a multiple of 4`);
    if (end - start > limits.maxStorageBufferBindingSize)
      fail(`binding of ${bound.buffer.name}: ${end - start} bytes; ${limits.maxStorageBufferBindingSize} are allowed`);
  }
  for (const count of groups)
    if (!(Number.isInteger(count) && count >= 1 && count <= MOST_GROUPS))
      fail(`${groups.join(" × ")} workgroups; from 1 to ${MOST_GROUPS} are allowed along an axis`);
  const shared = [...text.matchAll(/var<workgroup> \w+: array<(u32|vec4<f16>|vec4<f32>), (\d+)>/g)];
  const bytes = shared.reduce((n, [, type, count]) => n + Number(count) * BYTES[type as keyof typeof BYTES], 0);
  if (bytes > limits.maxComputeWorkgroupStorageSize)
    fail(`a workgroup needs ${bytes} bytes; ${limits.maxComputeWorkgroupStorageSize} are allowed`);
  if (!text.includes(`@workgroup_size(${THREADS})`)) fail("has another number of threads");
}
