// Convolutions and pools.
import { nn, ones, type Tensor } from "tidu";
import { Conv, ConvTranspose } from "tidu/internal";
import { border } from "../border.js";
import type { GraphNode, Row, Rows } from "../node.js";
import { readWindow, type Window } from "./window.js";

const pair = (values: readonly number[]): nn.Pair => values as readonly [number, number];

/** Weight and window of a convolution. */
function readKernel(node: GraphNode, axes: readonly (1 | 2)[]) {
  node.needs(2);
  const [rows, columns, ...kernel] = node.weight(1);
  const count = axes.find((n) => n === kernel.length);
  if (count === undefined) return node.refuse(`has ${kernel.length} spatial axes; Tidu has ${axes.join(" and ")}`);
  const declared = node.ints("kernel_shape", kernel);
  if (String(declared) !== String(kernel)) node.damaged(`has kernel_shape [${declared}], but weights of [${kernel}]`);
  const bias = node.constant(2) !== undefined;
  if (node.proto.input[2] && !bias) node.refuse("has a bias that the network computes; it must be given");
  return { rows, columns, kernel, axes: count, bias, groups: node.int("group", 1), window: readWindow(node, kernel) };
}

const VARIABLES = { weight: 1, bias: 2 };

const conv: Row = (node) => {
  const { rows, columns, kernel, axes, bias, groups, window } = readKernel(node, [1, 2]);
  const { stride, dilation, padding } = window;
  const options = { stride, dilation, padding: padding ?? 0, groups, bias };
  const layer = node.layer(() => new Conv(axes, columns * groups, rows, kernel, options), VARIABLES);
  return (x) => layer.forward(padding === undefined ? border(x, window.borders(x)) : x);
};

const convTranspose: Row = (node) => {
  const { rows, columns, kernel, bias, groups, window } = readKernel(node, [2]);
  if (node.has("output_shape")) node.refuse("has an output_shape: give pads and output_padding");
  const padding = window.padding ?? node.refuse("has different pads before and after: cut with Slice");
  const options = {
    stride: pair(window.stride),
    dilation: pair(window.dilation),
    padding: pair(padding),
    outputPadding: pair(node.ints("output_padding", [0, 0])),
    groups,
    bias,
  };
  const make = () => new ConvTranspose(rows, columns * groups, pair(kernel), options);
  const layer = node.layer(make, VARIABLES);
  return (x) => layer.forward(x);
};

/** Reads a pool; pools of sequences are pools of images that are one element high. */
const pool =
  (make: (node: GraphNode, window: Window) => (images: Tensor) => Tensor): Row =>
  (node) => {
    node.needs(1);
    node.ignore("storage_order");
    const kernel = node.ints("kernel_shape") ?? node.damaged("has no kernel_shape");
    if (kernel.length !== 1 && kernel.length !== 2) {
      node.refuse(`has ${kernel.length} spatial axes; Tidu has pools for 1 and 2`);
    }
    const window = readWindow(node, kernel);
    if (window.dilation.some((d) => d !== 1)) node.refuse("has dilations; Tidu has none in pools");
    if (kernel.length === 2) return make(node, window);
    const apply = make(node, heighten(window));
    return (x) => apply(x.unsqueeze(2)).squeeze(2);
  };

/** A window over sequences as one over images. */
const heighten = (window: Window): Window => ({
  kernel: [1, ...window.kernel],
  stride: [1, ...window.stride],
  dilation: [1, ...window.dilation],
  padding: window.padding && [0, ...window.padding],
  borders: (x, complete) => {
    const [samples, channels, length] = window.borders(x.squeeze(2), complete);
    return [samples, channels, [0, 0], length];
  },
});

/** The layer's own border, which may be at most half the kernel; undefined for others. */
const ownPadding = ({ padding, kernel }: Window): readonly number[] | undefined =>
  padding?.every((p, i) => p <= kernel[i] / 2) ? padding : undefined;

const settings = (window: Window) => ({
  stride: pair(window.stride),
  padding: pair(ownPadding(window) ?? [0, 0]),
});

const maxPool = pool((node, window) => {
  const layer = node.layer(() => nn.maxPool2d(pair(window.kernel), settings(window)));
  if (ownPadding(window) !== undefined) return (x) => layer.forward(x);
  return (x) => layer.forward(border(x, window.borders(x), Number.NEGATIVE_INFINITY));
});

/** Where the layer cannot have the border: means that count it, divided by the share of each window that counts. */
const averagePool = pool((node, window) => {
  const countIncludePad = node.int("count_include_pad", 0) !== 0;
  const layer = node.layer(() => nn.avgPool2d(pair(window.kernel), { ...settings(window), countIncludePad }));
  if (ownPadding(window) !== undefined) return (x) => layer.forward(x);
  return (x) => {
    const widths = window.borders(x);
    const own = countIncludePad ? window.borders(x, false) : x.shape.map(() => [0, 0] as const);
    const counted = ones(x.shape.map((size, i) => (i < 2 ? 1 : size + own[i][0] + own[i][1])));
    const rest = widths.map(([before, after], i) => [before - own[i][0], after - own[i][1]] as const);
    return layer.forward(border(x, widths)).div(layer.forward(border(counted, rest)));
  };
});

export const KERNELS: Rows = {
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: maxPool,
  AveragePool: averagePool,
};
