// What one unit computes, with its numbers: products that add up, a maximum, a function of one number.
import type { nn } from "tidu";
import type { KindName, LayerSpec } from "./layers.js";

/** A unit, or a cell of a feature map. */
export interface Inspected {
  readonly layer: number;
  readonly unit: number;
  /** Of a map: which cell, row and column. */
  readonly cell?: readonly [row: number, column: number];
}

/** One product of a sum. */
export interface Term {
  /** Which number of the layer before, or which channel, row and column of it. */
  readonly from: readonly number[];
  readonly input: number;
  readonly weight: number;
  /** Where the weight is: its index in the parameter "weight". */
  readonly index: number;
}

export type Inspection = Inspected & {
  readonly kind: KindName;
  /** What the unit gives. */
  readonly output: number;
} & (
    | {
        readonly form: "sum";
        readonly terms: readonly Term[];
        readonly bias: number;
        /** Of a convolution: rows and columns of its kernel. */
        readonly window?: readonly [rows: number, columns: number];
      }
    /** The largest of sums. */
    | {
        readonly form: "maxout";
        readonly pieces: readonly { readonly terms: readonly Term[]; readonly bias: number }[];
      }
    | {
        readonly form: "max" | "mean";
        readonly inputs: readonly number[];
        readonly window: readonly [rows: number, columns: number];
      }
    | { readonly form: "function"; readonly input: number; readonly values: Readonly<Record<string, number | string>> }
    /** Its exponential as a share of those of all. */
    | { readonly form: "softmax"; readonly input: number; readonly all: readonly number[] }
    /** Nothing but a number: the layer's way to it is longer than a line. */
    | { readonly form: "value" }
  );

/** Numbers of one sample. */
export interface Sample {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** What the unit computes of a sample; undefined if there is no such unit. */
export async function inspect(
  at: Inspected,
  { kind, values }: LayerSpec,
  layer: nn.Module,
  input: Sample,
  output: Sample,
): Promise<Inspection | undefined> {
  const place = placeOf(at, output.shape);
  if (place === undefined) return undefined;
  const common = { ...at, kind, output: output.values[place] };
  const parameters = layer.namedParameters();
  const weight = parameters.get("weight");
  const numbersOf = async (name: string) => (await parameters.get(name)?.data()) as Float32Array | undefined;
  switch (kind) {
    case "linear":
    case "maxout": {
      if (weight === undefined || input.shape.length !== 1) return { ...common, form: "value" };
      const [w, b] = [(await numbersOf("weight")) as Float32Array, await numbersOf("bias")];
      const row = (r: number) => ({ terms: rowTerms(input, w, r), bias: b?.[r] ?? 0 });
      if (kind === "linear") return { ...common, form: "sum", ...row(at.unit) };
      const pieces = Number(values.pieces);
      return { ...common, form: "maxout", pieces: Array.from({ length: pieces }, (_, i) => row(at.unit * pieces + i)) };
    }
    case "conv1d":
    case "conv2d": {
      const [w, b] = [(await numbersOf("weight")) as Float32Array, await numbersOf("bias")];
      const read = (name: string) => Number(values[name]);
      const window = kind === "conv1d" ? ([1, read("kernel")] as const) : ([read("kernel"), read("kernel")] as const);
      const terms = windowTerms(at, input, w, read, window, output.shape[0]);
      return { ...common, form: "sum", terms, bias: b?.[at.unit] ?? 0, window };
    }
    case "maxPool2d":
    case "avgPool2d": {
      const kernel = Number(values.kernel);
      const inputs = pooled(at, input, kernel, Number(values.stride), Number(values.padding));
      return { ...common, form: kind === "maxPool2d" ? "max" : "mean", inputs, window: [kernel, kernel] };
    }
    case "softmax":
      return { ...common, form: "softmax", input: input.values[place], all: Array.from(input.values) };
    case "relu":
    case "leakyRelu":
    case "elu":
    case "sigmoid":
    case "tanh":
    case "softplus":
    case "gelu":
    case "silu":
      return { ...common, form: "function", input: input.values[place], values };
    default:
      return { ...common, form: "value" };
  }
}

/** Where the unit's number is among the outputs. */
function placeOf({ unit, cell = [0, 0] }: Inspected, [units, ...sides]: readonly number[]): number | undefined {
  const [rows, columns] = [1, 1, ...sides].slice(-2);
  const [row, column] = cell;
  if (unit >= units || row >= rows || column >= columns) return undefined;
  return (unit * rows + row) * columns + column;
}

const rowTerms = ({ values }: Sample, weights: Float32Array, row: number): Term[] =>
  Array.from(values, (input, i) => ({
    from: [i],
    input,
    weight: weights[row * values.length + i],
    index: row * values.length + i,
  }));

/** The products of a cell, those with the border left out, which are 0. */
function windowTerms(
  { unit, cell = [0, 0] }: Inspected,
  { shape, values }: Sample,
  weights: Float32Array,
  read: (name: string) => number,
  [rows, columns]: readonly [number, number],
  units: number,
): Term[] {
  const [height, width] = [1, 1, ...shape.slice(1)].slice(-2);
  const channels = shape[0] / read("groups");
  const first = Math.floor((unit * read("groups")) / units) * channels;
  const terms: Term[] = [];
  const along = (place: number, k: number) => place * read("stride") - read("padding") + k * read("dilation");
  for (let channel = 0; channel < channels; channel++) {
    for (let k = 0; k < rows * columns; k++) {
      const row = rows === 1 ? 0 : along(cell[0], Math.floor(k / columns));
      const column = along(cell[1], k % columns);
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      const index = (unit * channels + channel) * rows * columns + k;
      const input = values[((first + channel) * height + row) * width + column];
      terms.push({ from: [first + channel, row, column], input, weight: weights[index], index });
    }
  }
  return terms;
}

function pooled(
  { unit, cell = [0, 0] }: Inspected,
  { shape: [, height, width], values }: Sample,
  kernel: number,
  stride: number,
  padding: number,
): number[] {
  const inputs: number[] = [];
  for (let k = 0; k < kernel * kernel; k++) {
    const row = cell[0] * stride - padding + Math.floor(k / kernel);
    const column = cell[1] * stride - padding + (k % kernel);
    if (row < 0 || row >= height || column < 0 || column >= width) continue;
    inputs.push(values[(unit * height + row) * width + column]);
  }
  return inputs;
}
