// Attention, positions, and the block of transformers.
import {
  check,
  checkOptional,
  checkOptions,
  either,
  flag,
  instance,
  oneOrMore,
  positive,
  refuse,
  refuseShape,
  share,
  whole,
  words,
} from "../base/check.js";
import { type DType, floatOf } from "../base/dtype.js";
import { formatShape, type Shape, sizeOf } from "../base/shape.js";
import { index } from "../graph/ops/index.js";
import { checkTensor, concat, Tensor, tensor } from "../tensor/tensor.js";
import { checkAxes, checkFeatures } from "./check.js";
import { dropout } from "./dropout.js";
import { constant, normal, xavierUniform } from "./init.js";
import { type Linear, linear } from "./linear.js";
import { Module } from "./module.js";
import { type LayerNorm, layerNorm } from "./norm.js";
import { Parameter } from "./parameter.js";

/** In place of masked scores; finite, so that a row with nothing else is not NaN. */
const NEVER = -1e30;

/** Options of `attend`. */
export interface AttentionOptions {
  /** Whether each position attends only to itself and earlier positions, both counted from the first. Default false. */
  readonly causal?: boolean;
  /**
   * bool, true where a position (row) may attend to another (column), or f32, which is added to the scores; broadcasts
   * to the shape of the scores. The result of a position that may attend to nothing is 0.
   */
  readonly mask?: Tensor;
  /** A layer that is applied to the attention weights, such as `nn.dropout(0.1)`. Default none. */
  readonly dropout?: Module;
}

/**
 * softmax(q kᵀ / √features) v over the last two axes: [..., length, features] and [..., seen, features] (Vaswani et al., NIPS 2017).
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * const x = zeros([2, 5, 8]); // [samples, positions, features]
 * console.log(nn.attend(x, x, x).shape); // [2, 5, 8]
 * ```
 */
export function attend(query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions = {}): Tensor {
  for (const [name, x] of Object.entries({ query, key, value })) checkTensor("attend", name, x);
  checkOptions("attend", options, { causal: flag, mask: IS_TENSOR, dropout: A_LAYER });
  const { causal = false, mask, dropout } = options;
  if (query.rank < 2) refuseShape("attend", "query", query, "[..., length, features]");
  const features = query.shape.at(-1) as number;
  if (key.rank < 2 || key.shape.at(-1) !== features) refuseShape("attend", "key", key, `[..., seen, ${features}]`);
  const places = key.shape.at(-2) as number;
  if (value.rank < 2 || value.shape.at(-2) !== places)
    refuseShape("attend", "value", value, `[..., ${places}, features]`);
  let scores = query.mul(1 / Math.sqrt(features)).matmul(key.transpose());
  checkMask("attend", mask, scores.shape);
  const [rows, columns] = scores.shape.slice(-2);
  const seen: Tensor[] = [];
  if (mask !== undefined) {
    const added = mask.dtype !== "bool";
    seen.push(added ? mask.gt(NEVER) : mask);
    if (added) scores = scores.add(mask);
  }
  if (causal) seen.push(new Tensor(index([1, columns])).le(new Tensor(index([rows, 1]))));
  for (const allowed of seen) scores = allowed.where(scores, NEVER);
  let weights = scores.softmax(-1);
  // A place that may see nothing has the same weight everywhere; one that is causal alone sees itself.
  if (mask !== undefined) for (const allowed of seen) weights = allowed.where(weights, 0);
  return (dropout === undefined ? weights : dropout.forward(weights)).matmul(value);
}

/** Refuses a mask that cannot stand over the scores, or whose whole numbers might be meant as true and false. */
function checkMask(where: string, mask: Tensor | undefined, scores: Shape): void {
  if (mask === undefined) return;
  if (mask.dtype === "i32" || mask.dtype === "u8")
    refuseShape(where, "mask", mask, 'bool, or f32, which is added to the scores; use to("bool")');
  const lead = scores.length - mask.rank;
  if (lead >= 0 && mask.shape.every((size, i) => size === 1 || size === scores[lead + i])) return;
  const one = scores.map((size, i) => (i === 0 || i === scores.length - 1 ? size : 1));
  const says = `of a shape that broadcasts to the scores, ${formatShape(scores)}; reshape it, such as to ${formatShape(one)}`;
  refuseShape(where, "mask", mask, says);
}

const IS_TENSOR = { ok: (v: unknown) => v instanceof Tensor, says: "a tensor" };
const A_LAYER = instance(Module, "a layer, such as nn.dropout(0.1)");

/** Options of `multiHeadAttention`. */
export interface MultiHeadAttentionOptions {
  /** Whether the projections have biases. Default true. */
  readonly bias?: boolean;
  /** Whether each position attends only to itself and earlier positions. Default false. */
  readonly causal?: boolean;
  /** Probability that an attention weight is dropped during training. Default 0. */
  readonly dropout?: number;
}

/**
 * Attention with several heads of features / heads features each: query [n, length, features], key and value [n, seen,
 * features] (default the query) give [n, length, features]. Parameters have the names and forms of PyTorch's
 * `MultiheadAttention`: queries, keys and values are three blocks of rows of one weight.
 */
export class MultiHeadAttention extends Module {
  readonly in_proj_weight: Parameter;
  readonly in_proj_bias?: Parameter;
  readonly out_proj: Linear;
  /** Dropout of the attention weights; absent if its probability is 0. It has no name in files. */
  readonly dropout?: Module;

  constructor(
    readonly inFeatures: number,
    readonly heads: number,
    readonly options: MultiHeadAttentionOptions = {},
  ) {
    super();
    check("multiHeadAttention", "features", inFeatures, oneOrMore);
    check("multiHeadAttention", "heads", heads, oneOrMore);
    checkOptions("multiHeadAttention", options, { bias: flag, causal: flag, dropout: share });
    if (inFeatures % heads !== 0) refuse("multiHeadAttention", "heads", heads, `a divisor of ${inFeatures} features`);
    const { bias = true, dropout: p = 0 } = options;
    this.in_proj_weight = new Parameter([3 * inFeatures, inFeatures], xavierUniform());
    if (bias) this.in_proj_bias = new Parameter([3 * inFeatures], constant(0), false);
    this.out_proj = linear(inFeatures, inFeatures, { bias, biasInit: constant(0) });
    if (p > 0) this.dropout = dropout(p);
  }

  override toString(): string {
    return `multiHeadAttention(${this.inFeatures}, ${this.heads})`;
  }

  /**
   * Attends from each query [n, length, features] to the keys and values [n, seen, features], by default the queries
   * themselves: [n, length, features].
   *
   * @param mask see `AttentionOptions`: true allows, while PyTorch's `MultiheadAttention` forbids where it is true;
   *   [length, seen], or for each sample [n, 1, length, seen], of padding [n, 1, 1, seen].
   */
  override forward(query: Tensor, key = query, value = key, mask?: Tensor): Tensor {
    for (const [name, x] of Object.entries({ query, key, value })) {
      checkTensor(String(this), name, x);
      if (x.rank !== 3 || x.shape[2] !== this.inFeatures)
        refuseShape(String(this), name, x, `[samples, length, ${this.inFeatures}]`);
    }
    const [samples] = query.shape;
    if (key.shape[0] !== samples) refuseShape(String(this), "key", key, `of ${samples} samples, as query is`);
    if (value.shape[0] !== samples || value.shape[1] !== key.shape[1])
      refuseShape(String(this), "value", value, `[${samples}, ${key.shape[1]}, ${this.inFeatures}], as key is`);
    checkOptional(String(this), "mask", mask, IS_TENSOR);
    checkMask(String(this), mask, [query.shape[0], this.heads, query.shape[1], key.shape[1]]);
    const width = this.inFeatures;
    const project = (x: Tensor, first: number, last: number): Tensor => {
      const y = x.matmul(this.in_proj_weight.slice(0, first * width, last * width).transpose());
      return this.in_proj_bias === undefined ? y : y.add(this.in_proj_bias.slice(0, first * width, last * width));
    };
    const split = (x: Tensor): Tensor =>
      x.reshape([x.shape[0], x.shape[1], this.heads, width / this.heads]).permute([0, 2, 1, 3]);
    const parts = (x: Tensor, first: number, last: number): Tensor[] => {
      const y = project(x, first, last);
      return Array.from({ length: last - first }, (_, i) => split(y.slice(2, i * width, (i + 1) * width)));
    };
    const [q, k, v] =
      query === key && key === value
        ? parts(query, 0, 3)
        : [...parts(query, 0, 1), ...(key === value ? parts(key, 1, 3) : [...parts(key, 1, 2), ...parts(value, 2, 3)])];
    const y = attend(q, k, v, {
      causal: this.options.causal ?? false,
      ...(mask === undefined ? {} : { mask }),
      ...(this.dropout === undefined ? {} : { dropout: this.dropout }),
    });
    return this.out_proj.forward(y.permute([0, 2, 1, 3]).reshape(query.shape));
  }
}

/**
 * See `MultiHeadAttention`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.multiHeadAttention(8, 2).forward(zeros([2, 5, 8])).shape); // [2, 5, 8]
 * ```
 */
export const multiHeadAttention = (
  features: number,
  heads: number,
  options?: MultiHeadAttentionOptions,
): MultiHeadAttention => new MultiHeadAttention(features, heads, options);

/** Options of `transformerBlock`. */
export interface TransformerBlockOptions {
  /** Width of the hidden layer. Default 4 · features. */
  readonly hidden?: number;
  /** Dropout probability after each part, and of the attention weights. Default 0. */
  readonly dropout?: number;
  readonly causal?: boolean;
  /** Default "relu", as in PyTorch. */
  readonly activation?: "relu" | "gelu";
  /** Whether each part normalizes its input rather than the sum that follows it. Default false, as in PyTorch. */
  readonly preNorm?: boolean;
}

/**
 * Attention and two linear layers, each part with a residual connection: the shape [n, length, features] stays. Names
 * and form of PyTorch's `TransformerEncoderLayer` (`batch_first`); causal, it is the block of language models.
 */
export class TransformerBlock extends Module {
  declare readonly keeps?: "all";
  readonly self_attn: MultiHeadAttention;
  readonly linear1: Linear;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout: Module;

  constructor(
    readonly inFeatures: number,
    readonly heads: number,
    readonly options: TransformerBlockOptions = {},
  ) {
    super();
    check("transformerBlock", "features", inFeatures, oneOrMore);
    check("transformerBlock", "heads", heads, oneOrMore);
    if (inFeatures % heads !== 0) refuse("transformerBlock", "heads", heads, `a divisor of ${inFeatures} features`);
    checkOptions("transformerBlock", options, {
      hidden: oneOrMore,
      dropout: share,
      causal: flag,
      activation: words("relu", "gelu"),
      preNorm: flag,
    });
    const { hidden = 4 * inFeatures, dropout: p = 0, causal = false } = options;
    this.self_attn = multiHeadAttention(inFeatures, heads, { causal, dropout: p });
    this.linear1 = linear(inFeatures, hidden);
    this.linear2 = linear(hidden, inFeatures);
    this.norm1 = layerNorm(inFeatures);
    this.norm2 = layerNorm(inFeatures);
    this.dropout = dropout(p);
  }

  override toString(): string {
    return `transformerBlock(${this.inFeatures}, ${this.heads})`;
  }

  override forward(x: Tensor, mask?: Tensor): Tensor {
    checkAxes(String(this), x, ["samples", "length", "features"]);
    checkFeatures(String(this), x, this.inFeatures, (features) => `transformerBlock(${features}, ${this.heads})`);
    checkOptional(String(this), "mask", mask, IS_TENSOR);
    checkMask(String(this), mask, [x.shape[0], this.heads, x.shape[1], x.shape[1]]);
    const drop = (y: Tensor): Tensor => this.dropout.forward(y);
    const attended = (y: Tensor): Tensor => drop(this.self_attn.forward(y, y, y, mask));
    const fed = (y: Tensor): Tensor => {
      const wide = this.linear1.forward(y);
      const active =
        this.options.activation === "gelu" ? wide.mul(wide.mul(Math.SQRT1_2).erf().add(1).mul(0.5)) : wide.relu();
      return drop(this.linear2.forward(drop(active)));
    };
    if (this.options.preNorm) {
      const y = x.add(attended(this.norm1.forward(x)));
      return y.add(fed(this.norm2.forward(y)));
    }
    const y = this.norm1.forward(x.add(attended(x)));
    return this.norm2.forward(y.add(fed(y)));
  }
}

/**
 * See `TransformerBlock`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.transformerBlock(8, 2).forward(zeros([2, 5, 8])).shape); // [2, 5, 8]
 * ```
 */
export const transformerBlock = (
  features: number,
  heads: number,
  options?: TransformerBlockOptions,
): TransformerBlock => new TransformerBlock(features, heads, options);

/** Adds to each position of [n, length, features] a row that encodes it. */
export class Positions extends Module {
  declare readonly keeps?: "all";
  readonly weight?: Parameter;
  /** The rows that are not learned, by type; made when first needed. */
  readonly #fixed: { f32?: Tensor; f64?: Tensor } = {};
  readonly #at: ((k: number) => number) | undefined;

  constructor(
    readonly name: string,
    readonly length: number,
    readonly inFeatures: number,
    at?: (k: number) => number,
  ) {
    super();
    check(name, "length", length, oneOrMore);
    check(name, "features", inFeatures, oneOrMore);
    this.#at = at;
    if (at === undefined) this.weight = new Parameter([length, inFeatures], normal(0, 0.02), false);
  }

  override toString(): string {
    return `${this.name}(${this.length}, ${this.inFeatures})`;
  }

  override forward(x: Tensor): Tensor {
    checkAxes(String(this), x, ["samples", "length", "features"]);
    checkFeatures(String(this), x, this.inFeatures, (features) => `${this.name}(${this.length}, ${features})`);
    if (x.shape[1] > this.length) refuseShape(String(this), "input", x, `of length (axis 1) up to ${this.length}`);
    const rows = this.weight ?? (this.#fixed[floatOf(x.dtype)] ??= this.#table(floatOf(x.dtype)));
    return x.add(rows.slice(0, 0, x.shape[1]));
  }

  #table(dtype: DType): Tensor {
    const shape = [this.length, this.inFeatures];
    return tensor(
      Float64Array.from({ length: sizeOf(shape) }, (_, k) => (this.#at as (k: number) => number)(k)),
      shape,
      dtype,
    );
  }
}

/**
 * A learned row for each position, initially normal with standard deviation 0.02. Weight [length, features].
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.learnedPositions(5, 8).forward(zeros([2, 5, 8])).shape); // [2, 5, 8]
 * ```
 */
export const learnedPositions = (length: number, features: number): Positions =>
  new Positions("learnedPositions", length, features);

/**
 * sin(p / 10000^(2i / features)) at feature 2i of position p, the cosine at 2i + 1 (Vaswani et al., NIPS 2017). The
 * table is made for all positions, so it has at most 2²⁰ positions and 2¹⁶ features.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.sinusoidalPositions(5, 8).forward(zeros([2, 5, 8])).shape); // [2, 5, 8]
 * ```
 */
export function sinusoidalPositions(length: number, features: number): Positions {
  check("sinusoidalPositions", "length", length, whole(1, 2 ** 20));
  check("sinusoidalPositions", "features", features, whole(1, 2 ** 16));
  return new Positions("sinusoidalPositions", length, features, (k) => {
    const [place, i] = [Math.floor(k / features), k % features];
    const angle = place / 10000 ** ((i - (i % 2)) / features);
    return i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}

/**
 * Rotates pairs of features (i and i + features / 2) by the angle position · base^(-2i / features), so that products of
 * queries and keys [..., length, features] depend on their distance (Su et al., "RoFormer", 2021).
 *
 * @param options.start position of the first element. Default 0.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.rotary(zeros([2, 5, 8])).shape); // [2, 5, 8]
 * ```
 */
export function rotary(x: Tensor, options: { readonly base?: number; readonly start?: number } = {}): Tensor {
  checkTensor("rotary", "x", x);
  checkOptions("rotary", options, { base: positive, start: either(oneOrMore, { ok: (v) => v === 0, says: "0" }) });
  const { base = 10000, start = 0 } = options;
  const [length, features] = x.shape.slice(-2);
  if (x.rank < 2 || features % 2 !== 0)
    refuseShape("rotary", "x", x, "[..., length, features], of an even number of features");
  const half = features / 2;
  const table = (f: (angle: number) => number): Tensor =>
    tensor(
      Float64Array.from({ length: length * half }, (_, k) =>
        f((start + Math.floor(k / half)) * base ** (-(k % half) / half)),
      ),
      [length, half],
      floatOf(x.dtype),
    );
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const [a, b] = [x.slice(-1, 0, half), x.slice(-1, half)];
  return concat([a.mul(cos).sub(b.mul(sin)), b.mul(cos).add(a.mul(sin))], -1);
}
