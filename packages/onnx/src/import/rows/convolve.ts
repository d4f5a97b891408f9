// Convolutions of any number of axes, and with weights that the network computes; layers of nn where there are such.
import { overlapAdd, Tensor, windows } from "tidu";
import { Conv, ConvTranspose, contract } from "tidu/internal";
import { border } from "../border.js";
import type { GraphNode, Row, Rows } from "../node.js";
import { perChannel } from "./normalize.js";
import { pair, readWindow, type Window } from "./window.js";

type Numbers = readonly number[];

/** Weight, groups and window of a convolution, all of whose numbers are known when its input is. */
interface Kernel {
  readonly groups: number;
  readonly window: Window;
}

function readKernel(node: GraphNode, kernel: Numbers): Kernel {
  return { groups: node.int("group", 1), window: readWindow(node, kernel) };
}

/** Names of axes for a contraction: of places, and inside the kernel. */
const labels = (kernel: Numbers): [s: string[], k: string[]] => [
  kernel.map((_, i) => `s${i}`),
  kernel.map((_, i) => `k${i}`),
];

/** Correlation of [n, channels, …] with [out, channels / groups, …]. */
export function convolve(x: Tensor, weight: Tensor, { groups, window }: Kernel): Tensor {
  const { kernel, stride, dilation } = window;
  const [s, k] = labels(kernel);
  const seen = windows(border(x, window.borders(x)), kernel, { stride, dilation, padding: kernel.map(() => 0) });
  const [n, channels, ...sizes] = seen.shape;
  const [rows] = weight.shape;
  const y = contract(
    seen.reshape([n, groups, channels / groups, ...sizes]).toFloat().node,
    weight.reshape([groups, rows / groups, ...weight.shape.slice(1)]).toFloat().node,
    { a: ["n", "g", "c", ...s, ...k], b: ["g", "o", "c", ...k], out: ["n", "g", "o", ...s] },
  );
  return new Tensor(y).reshape([n, rows, ...sizes.slice(0, kernel.length)]);
}

/** The transpose of that: every element of [n, channels, …] adds its multiple of [channels, out / groups, …]. */
function spread(x: Tensor, weight: Tensor, { groups, window }: Kernel, place: Place): Tensor {
  const { kernel, stride, dilation } = window;
  const [s, k] = labels(kernel);
  const [n, channels, ...sizes] = x.shape;
  const columns = weight.shape[1];
  const stamps = contract(
    x.reshape([n, groups, channels / groups, ...sizes]).node,
    weight.reshape([groups, channels / groups, ...weight.shape.slice(1)]).node,
    { a: ["n", "g", "c", ...s], b: ["g", "c", "o", ...k], out: ["n", "g", "o", ...s, ...k] },
  );
  // All that the kernels touch, then what is wanted of it, which may reach beyond.
  const full = sizes.map((size, i) => (size - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1);
  const options = { stride, dilation, padding: kernel.map(() => 0) };
  const all = overlapAdd(new Tensor(stamps), [n, groups, columns, ...full], kernel, options);
  const y = all.reshape([n, groups * columns, ...full]);
  return place.start.reduce((t, start, i) => {
    const [axis, size] = [i + 2, place.sizes[i]];
    const end = start + size;
    const extended = end <= full[i] ? t : t.pad(t.shape.map((_, a) => (a === axis ? [0, end - full[i]] : [0, 0])));
    return extended.slice(axis, start, end);
  }, y);
}

/** What of all that transposed kernels touch is wanted. */
interface Place {
  readonly start: Numbers;
  readonly sizes: Numbers;
}

/** The weight's shape: the file's, or once the network has computed it. */
function kernelOf(node: GraphNode, shape: Numbers): Numbers {
  const kernel = shape.slice(2);
  const declared = node.ints("kernel_shape", kernel);
  if (String(declared) !== String(kernel)) node.damaged(`has kernel_shape [${declared}], but weights of [${kernel}]`);
  return kernel;
}

const VARIABLES = { weight: 1, bias: 2 };

const isGiven = (node: GraphNode, input: number): boolean =>
  !node.proto.input[input] || node.constant(input) !== undefined;

const conv: Row = (node) => {
  node.needs(2);
  const shape = node.shape(1);
  const rank = shape === undefined ? 0 : shape.length - 2;
  if (shape !== undefined && (rank === 1 || rank === 2) && isGiven(node, 2)) return convLayer(node, shape, rank);
  return later(node, (x, weight, kernel) => convolve(x, weight, kernel));
};

function convLayer(node: GraphNode, shape: Numbers, axes: 1 | 2): (x: Tensor) => Tensor {
  const kernel = kernelOf(node, shape);
  const { groups, window } = readKernel(node, kernel);
  const { stride, dilation, padding } = window;
  const options = { stride, dilation, padding: padding ?? 0, groups, bias: node.constant(2) !== undefined };
  const layer = node.layer(() => new Conv(axes, shape[1] * groups, shape[0], kernel, options), VARIABLES);
  return (x) => layer.forward(padding === undefined ? border(x, window.borders(x)) : x);
}

/** A convolution without a layer: its window is read at once where the kernel's shape is known. */
export function later(
  node: GraphNode,
  apply: (x: Tensor, weight: Tensor, kernel: Kernel) => Tensor,
  weight = node.shape(1),
) {
  const read = (shape: Numbers) => readKernel(node, kernelOf(node, shape));
  const declared = node.ints("kernel_shape");
  const shape = weight ?? (declared && [0, 0, ...declared]);
  const known = shape && read(shape);
  if (known === undefined) node.ignore("group", "strides", "dilations", "pads", "auto_pad");
  return (x: Tensor, weight: Tensor, bias?: Tensor) => {
    if (weight.rank !== x.rank || weight.rank < 3)
      node.damaged(`has weights [${weight.shape}] for an input [${x.shape}]`);
    const y = apply(x, weight, known ?? read(weight.shape));
    return bias === undefined ? y : y.add(perChannel(y, bias));
  };
}

const convTranspose: Row = (node) => {
  node.needs(2);
  const shape = node.shape(1);
  const extra = node.ints("output_padding");
  const wanted = node.ints("output_shape");
  const auto = node.text("auto_pad", "NOTSET");
  if (shape?.length === 4 && isGiven(node, 2) && wanted === undefined) {
    const same = auto.startsWith("SAME");
    const made = (same ? sameTranspose : transposeLayer)(node, shape, extra ?? [0, 0]);
    if (made !== undefined) return made;
  }
  return later(node, (x, weight, kernel) => {
    return spread(x, weight, kernel, placeOf(node, x, kernel.window, { wanted, extra, auto }));
  });
};

/** A layer for an output of `stride` times the input's size: an odd cut is done to its output, of which it would be on one side only. */
function sameTranspose(node: GraphNode, shape: Numbers, extra: Numbers): ((x: Tensor) => Tensor) | undefined {
  const kernel = kernelOf(node, shape);
  const { stride, dilation } = readKernel(node, kernel).window;
  const cuts = kernel.map((k, i) => dilation[i] * (k - 1) + 1 + extra[i] - stride[i]);
  const more = extra.map((e, i) => e + Math.max(-cuts[i], 0));
  const padding = cuts.map((cut) => Math.floor(Math.max(cut, 0) / 2));
  const layer = transposeLayer(node, shape, more, padding);
  const isUpper = node.text("auto_pad", "NOTSET") === "SAME_UPPER";
  const cutAt = (y: Tensor, i: number): Tensor => {
    const start = isUpper ? 0 : 1;
    return cuts[i] > 0 && cuts[i] % 2 === 1 ? y.slice(i + 2, start, start + y.shape[i + 2] - 1) : y;
  };
  return layer && ((x) => cuts.reduce((y, _, i) => cutAt(y, i), layer(x)));
}

function transposeLayer(
  node: GraphNode,
  shape: Numbers,
  extra: Numbers,
  pads?: Numbers,
): ((x: Tensor) => Tensor) | undefined {
  const kernel = kernelOf(node, shape);
  const { groups, window } = readKernel(node, kernel);
  const { stride, dilation } = window;
  const padding = pads ?? window.padding;
  if (padding === undefined || extra.some((e, i) => e >= stride[i])) return undefined;
  const options = {
    stride: pair(stride),
    dilation: pair(dilation),
    padding: pair(padding),
    outputPadding: pair(extra),
    groups,
    bias: node.constant(2) !== undefined,
  };
  const make = () => new ConvTranspose(shape[0], shape[1] * groups, pair(kernel), options);
  const layer = node.layer(make, VARIABLES);
  return (x) => layer.forward(x);
}

interface Wanted {
  readonly wanted: Numbers | undefined;
  readonly extra: Numbers | undefined;
  readonly auto: string;
}

/** ONNX's rule: what is too much is cut off at both ends, the odd one at the end for SAME_UPPER alone. */
function placeOf(node: GraphNode, x: Tensor, window: Window, { wanted, extra, auto }: Wanted): Place {
  const { kernel, stride, dilation, given } = window;
  const start: number[] = [];
  const sizes = kernel.map((k, i) => {
    const [before, after] = given[i];
    const more = extra?.[i] ?? 0;
    const all = (x.shape[i + 2] - 1) * stride[i] + dilation[i] * (k - 1) + 1 + more;
    const same = auto.startsWith("SAME") ? x.shape[i + 2] * stride[i] : undefined;
    const size = wanted?.slice(-kernel.length)[i] ?? same;
    const cut = size === undefined ? before + after : all - size;
    const half = auto === "SAME_UPPER" ? Math.floor(cut / 2) : Math.ceil(cut / 2);
    start.push(size === undefined ? before : Math.max(half, 0));
    if (all - cut < 1) node.damaged(`has pads [${before}, ${after}], which leave nothing of its output`);
    return all - cut;
  });
  return { start, sizes };
}

/** Integers less their zero points, convolved. */
const convInteger: Row = (node) => {
  node.needs(2);
  const apply = later(node, convolve);
  return (x, weight, zero, weightZero) => {
    return apply(zero === undefined ? x : x.sub(zero.reshape([])), lessZero(weight, weightZero)).toInt();
  };
};

/** Weights less their zero point, one or one for each row. */
export const lessZero = (weight: Tensor, zero: Tensor | undefined): Tensor =>
  zero === undefined
    ? weight
    : weight.sub(zero.size === 1 ? zero.reshape([]) : zero.reshape([-1, ...weight.shape.slice(1).map(() => 1)]));

export const CONVOLVE: Rows = { Conv: conv, ConvTranspose: convTranspose, ConvInteger: convInteger };
