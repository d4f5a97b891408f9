// How layers are written as ONNX's own: one row for each layer that has a standard form there. A layer without a row is
// written as the operations that it is made of; for relu or sigmoid that is one of the same name.
import { nn, type Tensor, UnsupportedError } from "tidu";
import {
  type Affine,
  AvgPool2d,
  BatchNorm,
  Conv,
  ConvTranspose,
  dropsWindows,
  formatShape,
  type KernelLayer,
  LayerNorm,
  Linear,
  Maxout,
  MaxPool2d,
  missingIn,
  type Pool,
  type Shape,
  WindowPool,
} from "tidu/internal";
import { type Attribute, float, type GraphWriter, int, ints } from "./writer.js";

/** What a row gets to write a layer. */
export interface Place {
  readonly graph: GraphWriter;
  /** Path of the layer, such as "0". */
  readonly path: string;
  /** Name of the layer's input. */
  readonly x: string;
  /** The input's shape, for two samples. */
  readonly shape: Shape;
  /** The initializer that holds one of the layer's variables, or its weight where that is computed. */
  variable(v: Tensor): string;
}

/** Writes a layer and returns the name of its output. */
type Row<L extends nn.Module = nn.Module> = (layer: L, place: Place) => string;

const row = <L extends nn.Module>(kind: new (...args: never[]) => L, write: Row<L>) => [kind, write as Row] as const;

const ROWS: ReadonlyMap<unknown, Row> = new Map<unknown, Row>([
  row(Linear, affine),
  row(Maxout, (layer, place) => {
    const pieces = place.graph.list([...new Array<number>(place.shape.length - 1).fill(0), layer.outFeatures, layer.k]);
    const split = place.graph.add("Reshape", [affine(layer, place), pieces], place.path);
    return place.graph.reduce("ReduceMax", split, [-1], place.path);
  }),
  row(Conv, (layer, place) => kernel("Conv", layer, place)),
  row(ConvTranspose, (layer, place) =>
    kernel("ConvTranspose", layer, place, { output_padding: ints(layer.outputPadding) }),
  ),
  row(MaxPool2d, (layer, place) => pool("MaxPool", layer, place)),
  row(AvgPool2d, (layer, place) =>
    pool("AveragePool", layer, place, { count_include_pad: int(Number(layer.countIncludePad)) }),
  ),
  row(WindowPool, windowPool),
  row(BatchNorm, (layer, place) => {
    const scale = affineOf(layer, place, [layer.inChannels]);
    const running = [layer.running_mean, layer.running_var].map(place.variable);
    // ONNX's momentum is the share of the old value, not of the new one.
    const attributes = { epsilon: float(layer.eps), momentum: float(1 - layer.momentum) };
    return place.graph.add("BatchNormalization", [place.x, ...scale, ...running], place.path, attributes);
  }),
  row(LayerNorm, (layer, place) => {
    const inputs = [place.x, ...affineOf(layer, place, layer.shape)];
    const attributes = { epsilon: float(layer.eps), axis: int(-layer.shape.length) };
    return place.graph.add("LayerNormalization", inputs, place.path, attributes);
  }),
  row(nn.Activation, ({ name, settings }, place) => (ACTIVATIONS.get(name) as ActivationRow)(settings, place)),
]);

/** The first version with LayerNormalization. */
const NORMALIZES = 17;

type ActivationRow = (settings: readonly number[], place: Place) => string;

const one =
  (op: string, attributes: (settings: readonly number[]) => Record<string, Attribute> = () => ({})): ActivationRow =>
  (settings, { graph, path, x }) =>
    graph.add(op, [x], path, attributes(settings));

const ACTIVATIONS: ReadonlyMap<string, ActivationRow> = new Map([
  ["leakyRelu", one("LeakyRelu", ([slope]) => ({ alpha: float(slope) }))],
  ["elu", one("Elu", ([alpha]) => ({ alpha: float(alpha) }))],
  ["softmax", one("Softmax", ([axis]) => ({ axis: int(axis) }))],
  ["logSoftmax", one("LogSoftmax", ([axis]) => ({ axis: int(axis) }))],
  ["globalAvgPool2d", one("GlobalAveragePool")],
  [
    "flatten",
    ([start = 1], { graph, path, x }) =>
      start === 1
        ? graph.add("Flatten", [x], path, { axis: int(1) })
        : graph.add("Reshape", [x, graph.list([...new Array<number>(start).fill(0), -1])], path),
  ],
]);

/**
 * A layer's weight where it is computed from parameters, as by `weightNorm`: the file has its value, not its
 * computation.
 */
export function weightOf(layer: nn.Module): Tensor | undefined {
  const computed = Object.getOwnPropertyDescriptor(layer, "weight")?.get !== undefined;
  return computed && ROWS.has(layer.constructor) ? (layer as nn.Module & { weight: Tensor }).weight : undefined;
}

/** The row of a layer's class in a version of the operators; a class of your own that extends a layer's has none. */
export function rowOf(layer: nn.Module, opset: number): Row | undefined {
  if (opset < NORMALIZES && layer instanceof LayerNorm) return undefined;
  const plain = layer.constructor === nn.Activation && !ACTIVATIONS.has((layer as nn.Activation).name);
  return plain ? undefined : ROWS.get(layer.constructor);
}

function affine(layer: Affine, { graph, path, x, shape, variable }: Place): string {
  const weight = variable(layer.weight);
  const bias = layer.bias === undefined ? [] : [variable(layer.bias)];
  if (shape.length === 2) return graph.add("Gemm", [x, weight, ...bias], path, { transB: int(1) });
  const turned = graph.add("Transpose", [weight], path, { perm: ints([1, 0]) });
  const product = graph.add("MatMul", [x, turned], path);
  return bias.length === 0 ? product : graph.add("Add", [product, ...bias], path);
}

/** ONNX has the borders before all axes, then those after. */
const windowOf = ({ kernel, window }: KernelLayer | Pool): Record<string, Attribute> => ({
  kernel_shape: ints(kernel),
  strides: ints(window.stride),
  pads: ints([...window.padding, ...window.padding]),
});

function kernel(op: string, layer: KernelLayer, place: Place, more: Record<string, Attribute> = {}): string {
  const { weight, bias, window, groups } = layer;
  const variables = [weight, ...(bias === undefined ? [] : [bias])].map(place.variable);
  const attributes = { ...windowOf(layer), dilations: ints(window.dilation), group: int(groups), ...more };
  return place.graph.add(op, [place.x, ...variables], place.path, attributes);
}

const pool = (op: string, layer: Pool, place: Place, more: Record<string, Attribute> = {}): string =>
  place.graph.add(op, [place.x], place.path, { ...windowOf(layer), ...more });

function windowPool(layer: WindowPool, { graph, path, x, shape }: Place): string {
  const { name, kernel, stride, padding, dilation, options } = layer;
  const max = name === "maxPool";
  if (!max && dilation.some((d) => d !== 1)) {
    throw new UnsupportedError(`exportOnnx: ${layer}: ONNX has no average pooling with dilation; use dilation 1`);
  }
  // Runtimes count a last window that starts after the image, which does not exist here. So the elements that partial
  // windows lack are written as padding. Where padding counts in the mean they must not count, so there ceil_mode is
  // written.
  const missing = missingIn(layer, shape.slice(2));
  const counts = !max && options.countIncludePad !== false && missing.some((m) => m > 0);
  if (counts && dropsWindows(layer, shape.slice(2))) {
    throw new UnsupportedError(
      `exportOnnx: ${layer} on ${formatShape(shape.slice(2))}: ONNX runtimes count windows that start beyond the image; use countIncludePad: false, or no ceilMode`,
    );
  }
  return graph.add(max ? "MaxPool" : "AveragePool", [x], path, {
    kernel_shape: ints(kernel),
    strides: ints(stride),
    pads: ints([...padding, ...padding.map((p, i) => (counts ? p : p + missing[i]))]),
    ceil_mode: int(Number(counts)),
    ...(max ? { dilations: ints(dilation) } : { count_include_pad: int(Number(options.countIncludePad ?? true)) }),
  });
}

/** A normalization's scale and shift, which ONNX always has. */
function affineOf({ weight, bias }: BatchNorm | LayerNorm, { graph, variable }: Place, shape: Shape): string[] {
  if (weight !== undefined && bias !== undefined) return [variable(weight), variable(bias)];
  const filled = (value: number) => new Float32Array(shape.reduce((n, d) => n * d, 1)).fill(value);
  return [1, 0].map((value) => graph.constant({ dtype: "f32", shape, data: filled(value) }));
}
