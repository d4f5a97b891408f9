// Writes a model of TensorFlow.js as a graph of ONNX. Values have their axes in the file's order, channels last.
// Windows and batch normalization have channels first in ONNX: their results are kept in that form, and are transposed
// to the file's order only where an operation needs it. Elementwise functions, joins and borders do not.
import { type Attribute, float, GraphWriter, int, ints, string } from "../export/writer.js";
import { encode } from "../proto/message.js";
import { ModelMessage, type ValueInfoToWrite } from "../proto/schema.js";
import { elementType } from "../proto/tensor.js";
import type { Weight } from "./weights.js";

/** A value of the graph; the number of its axes, if that is known. */
export interface Value {
  readonly name: string;
  readonly rank: number | undefined;
  /** The size of its last axis, if that is known. */
  readonly last?: number;
  /** Its elements, if it is a constant of the file. */
  readonly weight?: Weight;
  /** The same with channels first, if it was made so. */
  readonly first?: Value;
}

/** Operations that take each element by itself. */
const POINTWISE = new Set(
  (
    "Abs Add Ceil Clip Cos Div Dropout Elu Erf Exp Floor Gelu HardSigmoid LeakyRelu Log Max Mean Min Mish Mul Neg Pow Reciprocal " +
    "Relu Round Selu Sigmoid Sign Sin Softplus Softsign Sqrt Sub Sum Tan Tanh ThresholdedRelu"
  ).split(" "),
);

/** The size of a value's last axis, if that is known. */
export const lastOf = ({ last, weight }: Value): number | undefined => last ?? weight?.shape.at(-1);

/** The same of what is computed from values element by element, of which some may be stretched. */
function stretchedLast(op: string, inputs: readonly (Value | string)[]): number | undefined {
  if (!POINTWISE.has(op) && op !== "Cast") return undefined;
  const lasts = inputs.flatMap((x) => (typeof x === "string" || x.rank === 0 ? [] : [lastOf(x)]));
  return lasts.every((last) => last !== undefined) ? Math.max(...lasts) : undefined;
}

/** Sizes of axes; undefined for a dynamic one. */
export type Sizes = readonly (number | undefined)[];

export type Attributes = Readonly<Record<string, Attribute>>;

const OPSET = 21;
const IR_VERSION = 10;

/** The largest end of a slice: all that is there. */
const ALL = 2 ** 31 - 1;

export class Builder {
  readonly #graph = new GraphWriter(OPSET);
  readonly #inputs: ValueInfoToWrite[] = [];
  readonly #weights = new Map<string, Value>();

  constructor(private readonly channelsFirst: boolean) {}

  /** Declares an input of the network; images and volumes as the network is to take them. */
  input(name: string, shape: Sizes | undefined, dtype: "f32" | "i32" | "bool"): Value {
    const rank = shape?.length;
    const moves = this.channelsFirst && rank !== undefined && rank >= 4;
    const sizes = moves ? permute(shape as Sizes, inward(rank)) : shape;
    const given = this.#graph.unique(name);
    const dim = sizes?.map((size, axis) => (axis === 0 || size === undefined ? {} : { dim_value: size }));
    this.#inputs.push({
      name: given,
      type: { tensor_type: { elem_type: elementType(dtype), shape: dim && { dim } } },
    });
    return moves ? this.#outward({ name: given, rank }, name) : { name: given, rank };
  }

  /** Adds a node; `path` names the layer that it belongs to. */
  add(op: string, inputs: readonly (Value | string)[], rank: number | undefined, path: string, attributes = {}): Value {
    const firsts = POINTWISE.has(op) ? firstsOf(inputs, rank) : undefined;
    if (firsts !== undefined) return this.#outward(this.add(op, firsts, rank, path, attributes), path);
    const [made] = this.several(op, inputs, [rank], path, attributes);
    return { ...made, last: stretchedLast(op, inputs) };
  }

  /** Parts of given sizes along an axis. */
  split(x: Value, sizes: readonly number[], axis: number, path: string): Value[] {
    let start = 0;
    return sizes.map((size) => {
      const part = this.slice(x, [axis], [start], [start + size], path);
      start += size;
      return part;
    });
  }

  /** Equal parts along an axis. */
  parts(x: Value, count: number, axis: number, path: string): Value[] {
    const ranks = new Array<number | undefined>(count).fill(x.rank);
    return this.several("Split", [x], ranks, path, { axis: int(axis), num_outputs: int(count) });
  }

  /** Adds a node with several results, of so many axes. */
  several(
    op: string,
    inputs: readonly (Value | string)[],
    ranks: readonly (number | undefined)[],
    path: string,
    attributes: Attributes = {},
  ): Value[] {
    const names = inputs.map((x) => (typeof x === "string" ? x : x.name));
    const results = this.#graph.several(op, names, ranks.length, path, attributes);
    return results.map((name, i) => ({ name, rank: ranks[i] }));
  }

  /** A tensor of the file, written when it is first used; lists of real numbers may be trained. */
  stored(name: string, weight: Weight): Value {
    const isTrained = weight.dtype === "f32" && weight.shape.length > 0;
    const write = () => (isTrained ? this.parameter(name, () => weight) : this.constant(weight)).name;
    let written: string | undefined;
    return {
      weight,
      rank: weight.shape.length,
      get name() {
        written ??= write();
        return written;
      },
    };
  }

  /** A variable of a layer, which is written once. */
  parameter(name: string, make: () => Weight): Value {
    const known = this.#weights.get(name);
    if (known !== undefined) return known;
    const weight = make();
    const value = { name: this.#graph.initializer(name, weight), rank: weight.shape.length };
    this.#weights.set(name, value);
    return value;
  }

  /** A tensor that training does not change. */
  constant(weight: Weight): Value {
    const { dtype, shape, data } = weight;
    const isNumber = shape.length === 0 && dtype !== "bool";
    const name = isNumber ? this.#graph.number(data[0], dtype) : this.#graph.constant(weight);
    return { name, rank: shape.length, weight };
  }

  number(value: number): Value {
    return { name: this.#graph.number(value), rank: 0 };
  }

  /** A list of whole numbers, as shapes and axes are given. */
  list(values: readonly number[]): string {
    return this.#graph.list(values);
  }

  permute(x: Value, order: readonly number[], path: string): Value {
    return this.add("Transpose", [x], order.length, path, { perm: ints(order) });
  }

  /** Does something with channels first, for windows over `axes` axes. */
  withChannelsFirst(x: Value, axes: number, path: string, body: (x: Value) => Value): Value {
    const rank = axes + 2;
    return this.#outward({ ...own(body(x.first ?? this.permute(x, inward(rank), path))), rank }, path);
  }

  /** A value with channels as its second axis, which is transposed where channels last are needed. */
  #outward(first: Value, path: string): Value {
    const { rank = 0 } = first;
    let written: string | undefined;
    const write = () => this.permute(first, outward(rank), path).name;
    return {
      rank,
      first,
      get name() {
        written ??= write();
        return written;
      },
    };
  }

  concat(parts: readonly Value[], axis: number, path: string): Value {
    const rank = parts[0]?.rank;
    const firsts = rank === undefined ? undefined : firstsOf(parts, rank);
    if (rank === undefined || firsts === undefined) {
      const whole = this.add("Concat", parts, rank, path, { axis: int(axis) });
      return { ...whole, last: joinedLast(parts.map(lastOf), axis === -1 || axis + 1 === rank) };
    }
    const at = inward(rank).indexOf(axis < 0 ? axis + rank : axis);
    return this.#outward(this.add("Concat", firsts, rank, path, { axis: int(at) }), path);
  }

  reduce(op: string, x: Value, axes: readonly number[], keep: boolean, path: string): Value {
    const rank = keep || x.rank === undefined ? x.rank : x.rank - axes.length;
    // Without its places, a value is the same wherever its channels were.
    const places = Array.from({ length: (x.rank ?? 2) - 2 }, (_, i) => i + 1);
    if (x.first !== undefined && !keep && String(axes) === String(places)) {
      return this.reduce(
        op,
        x.first,
        places.map((axis) => axis + 1),
        keep,
        path,
      );
    }
    return this.add(op, [x, this.list(axes)], rank, path, { keepdims: int(keep ? 1 : 0) });
  }

  reshape(x: Value, sizes: readonly number[], path: string): Value {
    const made = this.add("Reshape", [x, this.list(sizes)], sizes.length, path);
    const last = sizes.at(-1) ?? 0;
    return last > 0 ? { ...made, last } : made;
  }

  unsqueeze(x: Value, axis: number, path: string): Value {
    const made = this.add("Unsqueeze", [x, this.list([axis])], x.rank === undefined ? undefined : x.rank + 1, path);
    return { ...made, last: axis === x.rank ? 1 : lastOf(x) };
  }

  squeeze(x: Value, axes: readonly number[], path: string): Value {
    const rank = x.rank === undefined ? undefined : x.rank - axes.length;
    return this.add("Squeeze", [x, this.list(axes)], rank, path);
  }

  /** What stands from `starts` on, before `ends`; an end of undefined is the axis' own. */
  slice(
    x: Value,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly (number | undefined)[],
    path: string,
    steps?: readonly number[],
  ): Value {
    const last = ends.map((end, i) => end ?? ((steps?.[i] ?? 1) < 0 ? -ALL : ALL));
    const lists = [starts, last, axes, ...(steps === undefined ? [] : [steps])].map((list) => this.list(list));
    return this.add("Slice", [x, ...lists], x.rank, path);
  }

  /** Numbers before and after each axis. */
  pad(x: Value, pairs: readonly (readonly [number, number])[], value: number, mode: string, path: string): Value {
    if (x.first !== undefined && x.rank !== undefined) {
      return this.#outward(this.pad(x.first, permute(pairs, inward(x.rank)), value, mode, path), path);
    }
    const pads = this.list([...pairs.map(([before]) => before), ...pairs.map(([, after]) => after)]);
    return this.add("Pad", [x, pads, this.number(value)], x.rank, path, { mode: string(mode) });
  }

  /** Not below `low`, not above `high`. */
  clip(x: Value, low: number, high: number, path: string): Value {
    return this.add("Clip", [x, this.number(low), this.number(high)], x.rank, path);
  }

  /** Normalization of channels by running means and variances. */
  batchNorm(x: Value, weights: readonly Value[], eps: number, momentum: number, path: string): Value {
    const apply = (v: Value) =>
      this.add("BatchNormalization", [v, ...weights], v.rank, path, { epsilon: float(eps), momentum: float(momentum) });
    if (x.rank === undefined || x.rank <= 2) return apply(x);
    return this.withChannelsFirst(x, x.rank - 2, path, apply);
  }

  /** The bytes of a model that gives a value; images and volumes as the network is to give them. */
  finish(name: string, value: Value): Uint8Array {
    const { rank } = value;
    const moves = this.channelsFirst && rank !== undefined && rank >= 4;
    const output = moves ? (value.first ?? this.permute(value, inward(rank), "output")) : value;
    return encode(ModelMessage, {
      ir_version: IR_VERSION,
      producer_name: "tidu",
      opset_import: [{ domain: "", version: OPSET }],
      graph: {
        name,
        node: this.#graph.nodes,
        initializer: this.#graph.initializers,
        input: this.#inputs,
        output: [{ name: this.#graph.finish(output.name) }],
      },
    });
  }
}

/** The size of the last axis of parts that are joined, along that axis or another. */
function joinedLast(lasts: readonly (number | undefined)[], along: boolean): number | undefined {
  if (!along) return lasts.find((last) => last !== undefined);
  return lasts.reduce((sum, last) => (sum === undefined || last === undefined ? undefined : sum + last), 0);
}

/** A value by its name alone. */
const own = ({ name }: Value): { readonly name: string } => ({ name });

/** Operands with channels first, if those of so many axes are known in that form and the others are single numbers. */
function firstsOf(inputs: readonly (Value | string)[], rank: number | undefined): (Value | string)[] | undefined {
  const firsts = inputs.map((x) => {
    if (typeof x === "string" || x.rank === 0) return x;
    return x.rank === rank ? x.first : undefined;
  });
  const isKnown = firsts.every((x) => x !== undefined) && inputs.some((x) => typeof x !== "string" && x.first);
  return isKnown ? firsts.map((x) => x as Value | string) : undefined;
}

const inward = (rank: number): number[] => [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)];
const outward = (rank: number): number[] => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
const permute = <T>(list: readonly T[], order: readonly number[]): T[] => order.map((i) => list[i]);
