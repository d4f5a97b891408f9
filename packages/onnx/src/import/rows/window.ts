// How kernels and pools move over images, which ONNX can say in several ways.
import type { nn, Tensor } from "tidu";
import type { Widths } from "../border.js";
import type { GraphNode } from "../node.js";

export const pair = (values: readonly number[]): nn.Pair => values as readonly [number, number];

/** A window over the spatial axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** The border on both sides, where it is the same on both and for every input. */
  readonly padding: readonly number[] | undefined;
  /** The border of each axis as the file gives it. */
  readonly given: readonly (readonly [before: number, after: number])[];
  /** The border of an input, all axes; unless told, with what completes the last windows (ceil_mode). */
  borders(x: Tensor, complete?: boolean): Widths;
}

/** Reads the attributes that say where a window stands. */
export function readWindow(node: GraphNode, kernel: readonly number[]): Window {
  const axes = kernel.length;
  const each = (name: string, standard: number, least: number, count = axes): readonly number[] => {
    const list = node.ints(name, new Array<number>(count).fill(standard));
    if (list.length !== count || list.some((v) => v < least)) {
      node.damaged(`has ${name} [${list}], expected ${count} numbers from ${least}`);
    }
    return list;
  };
  const [stride, dilation] = [each("strides", 1, 1), each("dilations", 1, 1)];
  const pads = each("pads", 0, 0, 2 * axes);
  const ceil = node.int("ceil_mode", 0) !== 0;
  const auto = node.text("auto_pad", "NOTSET");
  const span = kernel.map((k, i) => dilation[i] * (k - 1) + 1);
  const fixed = kernel.map((_, i) => (auto === "VALID" ? [0, 0] : [pads[i], pads[i + axes]]) as [number, number]);
  const same = SAME.get(auto);
  if (same === undefined && auto !== "NOTSET" && auto !== "VALID") node.damaged(`has auto_pad ${auto}`);

  const borders = (x: Tensor, complete = true): Widths => {
    if (x.rank !== axes + 2) node.damaged(`has windows over ${axes} axes, but its input has the shape [${x.shape}]`);
    const widths = kernel.map((_, i): readonly [number, number] => {
      const size = x.shape[i + 2];
      if (same !== undefined) return same(Math.max((Math.ceil(size / stride[i]) - 1) * stride[i] + span[i] - size, 0));
      const [before, after] = fixed[i];
      return [before, after + (ceil && complete ? begun(size, before, after, span[i], stride[i]) : 0)];
    });
    return [[0, 0], [0, 0], ...widths];
  };
  const symmetric = same === undefined && !ceil && fixed.every(([before, after]) => before === after);
  return {
    kernel,
    stride,
    dilation,
    given: fixed,
    padding: symmetric ? fixed.map(([before]) => before) : undefined,
    borders,
  };
}

/** How the border is shared between both ends so that a window stands at every `stride`-th element. */
const SAME = new Map<string, (total: number) => readonly [number, number]>([
  ["SAME_UPPER", (total) => [Math.floor(total / 2), Math.ceil(total / 2)]],
  ["SAME_LOWER", (total) => [Math.ceil(total / 2), Math.floor(total / 2)]],
]);

/** What the last window that begins inside the input or before it, but does not end there, needs at the end. */
function begun(size: number, before: number, after: number, span: number, stride: number): number {
  const steps = Math.ceil((size + before + after - span) / stride);
  const last = steps * stride >= size + before ? steps - 1 : steps;
  return Math.max(last * stride + span - size - before - after, 0);
}
