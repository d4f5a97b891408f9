import { formatMap } from "../base/affine.js";
import { formatShape } from "../base/shape.js";
import { detailOf, type Node, topologicalOrder } from "../graph/node.js";
import { isStorage } from "../graph/ops/index.js";
import type { Affine, Buffer, Expr, Guard, Kernel } from "./kernel.js";
import type { Program } from "./program.js";

/**
 * A graph as text, one node a line, inputs before users.
 *
 * @example
 * ```ts
 * import { device, setDevice, tensor } from "tidu";
 * import { NullDevice, printGraph } from "tidu/debug";
 *
 * const before = device();
 * const compiler = new NullDevice();
 * setDevice(compiler);
 * await tensor([1, 2]).exp().sum().data();
 * setDevice(before);
 *
 * const text = printGraph(compiler.programs[0].simplified);
 * console.log([...text.matchAll(/= (\w+)/g)].map(([, op]) => op)); // ['storage', 'exp', 'sum']
 * ```
 */
export function printGraph(roots: readonly Node[]): string {
  const lines = topologicalOrder(roots).map((node) => {
    const inputs = node.inputs.map((x) => `%${x.id}`).join(", ");
    return `%${node.id} = ${node.op.name}(${inputs})${formatAttributes(node)} : ${node.dtype}${formatShape(node.shape)}`;
  });
  return [...lines, `return ${roots.map((r) => `%${r.id}`).join(", ")}`].join("\n");
}

function formatAttributes(node: Node): string {
  if (isStorage(node)) return ` {${node.attrs.name ?? `storage${node.attrs.id}`}}`;
  const { kind, attrs } = node;
  if (attrs === undefined || attrs === null) return "";
  if (kind === "loop" || kind === "part") return ` {${detailOf(node)}}`;
  if (kind === "view" || kind === "unview") return ` {${formatMap(attrs)}}`;
  return ` {${Object.entries(attrs).map(([name, value]) => `${name} ${value}`)}}`;
}

const printAffine = ({ offset, coef }: Affine): string => {
  const terms = coef.flatMap((c, i) => (c === 0 ? [] : [c === 1 ? `i${i}` : `${c}*i${i}`]));
  if (offset !== 0 || terms.length === 0) terms.push(String(offset));
  return terms.join("+");
};

const printGuards = (guards: readonly Guard[]): string =>
  guards.length === 0 ? "" : ` if ${guards.map((g) => `0<=${printAffine(g.index)}<${g.size}`).join(" & ")}`;

function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case "const":
      return String(expr.value);
    case "load":
      return `${expr.buffer.name}[${printAffine(expr.index)}]`;
    case "gather":
      return `${expr.buffer.name}[${expr.stride}*(${printExpr(expr.row)})+${printAffine(expr.index)}]`;
    case "index":
      return `(${printAffine(expr.index)})`;
    case "guarded":
      return `(${printExpr(expr.body)}${printGuards(expr.guards)})`;
    case "apply":
    case "combine":
      return `${expr.op.name}(${expr.args.map(printExpr).join(", ")})`;
    default:
      return "core";
  }
}

/** A kernel as text: its loops, what it computes, and where it stores. */
export function printKernel(kernel: Kernel): string {
  const loops = kernel.sizes.map((s, i) => `${i < kernel.outer ? "" : "sum "}i${i}<${s}`).join(", ");
  const core =
    "body" in kernel
      ? `  core = ${kernel.op.name} ${printExpr(kernel.body)}\n`
      : kernel.kind === "contract"
        ? `  core = sum ${kernel.a.buffer.name}[${printAffine(kernel.a.index)}] * ${kernel.b.buffer.name}[${printAffine(kernel.b.index)}]\n`
        : "";
  const stores = kernel.stores.map(
    (s) =>
      `  ${s.buffer.name}[${s.row ? `${s.row.stride}*(${printExpr(s.row.row)})+` : ""}${printAffine(s.index)}] ${s.accumulate ? "+=" : "="} ${printExpr(s.value)}${printGuards(s.guards)}`,
  );
  if (kernel.kind === "loop") {
    const windows = [...kernel.windows].map(
      ([{ name }, { buffer, start, step, turn }]) =>
        `  ${name} in ${buffer.name}+${start}${turn === undefined ? (step === 0 ? "" : `, each step ${step}`) : ` or +${step}, by turns`}`,
    );
    stores.push(...windows, ...kernel.steps.map((k) => printKernel(k).replace(/^/gm, "  ")));
  }
  const { when } = kernel;
  const condition = when === undefined ? "" : ` if ${when.buffer.name} ${when.zero ? "=" : "!="} 0`;
  return `${kernel.kind} ${kernel.name} (${loops})${condition}\n${core}${stores.join("\n")}`;
}

const printBuffer = (buffer: Buffer, life: readonly [number, number] | undefined): string => {
  const inArena = buffer.offset === undefined ? "in registers" : `arena+${buffer.offset}`;
  const where = buffer.storage === undefined ? inArena : "storage";
  const when = life === undefined ? "" : ` kernels ${life[0]}-${life[1]}`;
  return `buffer ${buffer.name} ${buffer.dtype}${formatShape(buffer.shape)} strides ${formatShape(buffer.strides)} ${where}${when}`;
};

/**
 * A whole program as text: memory, then kernels in order.
 *
 * @example
 * ```ts
 * import { device, setDevice, tensor } from "tidu";
 * import { NullDevice, printProgram } from "tidu/debug";
 *
 * const before = device();
 * const compiler = new NullDevice();
 * setDevice(compiler);
 * await tensor([1, 2]).exp().sum().data();
 * setDevice(before);
 *
 * console.log(printProgram(compiler.programs[0].program).includes("exp(")); // true
 * ```
 */
export function printProgram({ kernels, buffers, memory }: Program): string {
  return [
    `arena ${memory.arenaBytes} bytes (${memory.separateBytes} without sharing)`,
    ...buffers.map((b) => printBuffer(b, memory.lifetimes.get(b))),
    ...kernels.map((k, i) => `#${i} ${printKernel(k)}`),
  ].join("\n");
}
