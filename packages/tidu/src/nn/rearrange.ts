// Layers that join, add, upsample and rearrange; and bags of learned rows.
import {
  callback,
  check,
  checkOptions,
  instance,
  integer,
  listOf,
  oneOrMore,
  refuse,
  refuseShape,
  words,
} from "../base/check.js";
import { copied } from "../base/copied.js";
import { formatShape, sameShape } from "../base/shape.js";
import { INTERPOLATION, type InterpolateOptions, interpolate } from "../tensor/functions/resize.js";
import { checkTensor, concat, gatherRows, needWhole, type Tensor } from "../tensor/tensor.js";
import { Activation } from "./activation.js";
import { normal } from "./init.js";
import { LayerList } from "./layer-list.js";
import { Module } from "./module.js";
import { type Initializer, Parameter } from "./parameter.js";
import { sequential } from "./sequential.js";

/**
 * Images [n, c, …] of another size; see `interpolate`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.upsample({ scale: 2 }).forward(zeros([1, 3, 4, 4])).shape); // [1, 3, 8, 8]
 * ```
 */
export function upsample(options: InterpolateOptions): Activation<"channels"> {
  check("upsample", "options", options, INTERPOLATION);
  const own = copied(options);
  return new Activation("upsample", (x) => interpolate(x, own));
}

/**
 * Channels become pixels: [n, c · r², h, w] -> [n, c, h · r, w · r] (Shi et al., CVPR 2016).
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.pixelShuffle(2).forward(zeros([1, 12, 4, 4])).shape); // [1, 3, 8, 8]
 * ```
 */
export function pixelShuffle(factor: number): Activation {
  check("pixelShuffle", "factor", factor, oneOrMore);
  return new Activation(
    "pixelShuffle",
    (x) => {
      const [n, c, h, w] = x.shape;
      if (x.rank !== 4 || c % factor ** 2 !== 0)
        refuseShape("pixelShuffle", "input", x, `[samples, a multiple of ${factor ** 2} channels, height, width]`);
      return x
        .reshape([n, c / factor ** 2, factor, factor, h, w])
        .permute([0, 1, 4, 2, 5, 3])
        .reshape([n, c / factor ** 2, h * factor, w * factor]);
    },
    factor,
  );
}

const LAYERS = listOf(instance(Module, "a layer, such as nn.linear(4, 2)"));

/** x + f(x), where f is a sequence of layers (He et al., CVPR 2016). The shape stays. */
export class Residual extends Module {
  declare readonly keeps?: "all";
  readonly body: Module;

  constructor(
    layers: readonly Module[],
    /** A layer on the path of x, such as a 1×1 convolution; default none. */
    readonly shortcut?: Module,
  ) {
    super();
    check("residual", "layers", layers, LAYERS);
    this.body = layers.length === 1 ? layers[0] : sequential(...layers);
  }

  override toString(): string {
    return `residual(${this.body})`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor("residual", "input", x);
    const y = this.body.forward(x);
    const past = this.shortcut?.forward(x) ?? x;
    if (!sameShape(y.shape, past.shape))
      refuseShape("residual", "what its layers give", y, `${formatShape(past.shape)}, as what is added`);
    return y.add(past);
  }
}

/**
 * See `Residual`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.residual(nn.linear(8, 8), nn.relu()).forward(zeros([2, 8])).shape); // [2, 8]
 * ```
 */
export const residual = (...layers: readonly Module[]): Residual => new Residual(layers);

/** The outputs of several branches side by side along an axis (default 1, channels). */
export class Branches extends LayerList {
  constructor(
    readonly branches: readonly Module[],
    readonly axis = 1,
  ) {
    super();
    check("branches", "branches", branches, LAYERS);
    check("branches", "axis", axis, integer);
    if (branches.length === 0) refuse("branches", "branches", branches, "a list of layers, at least one");
  }

  override toString(): string {
    return `branches(${this.branches.join(", ")})`;
  }

  /** @internal */
  protected override get list(): readonly Module[] {
    return this.branches;
  }

  override forward(x: Tensor): Tensor {
    checkTensor("branches", "input", x);
    return concat(
      this.branches.map((b) => b.forward(x)),
      this.axis,
    );
  }
}

/**
 * See `Branches`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.branches(nn.linear(8, 3), nn.linear(8, 5)).forward(zeros([2, 8])).shape); // [2, 8]
 * ```
 */
export const branches = (...branches: readonly Module[]): Branches => new Branches(branches);

/** Options of `embeddingBag`. */
export interface EmbeddingBagOptions {
  /** How a bag is reduced. Default "mean". */
  readonly mode?: "mean" | "sum" | "max";
  readonly init?: Initializer;
}

/** The mean, sum or maximum of the learned rows of a bag: indices [n, k] -> [n, features]. Weight [count, features]. */
export class EmbeddingBag extends Module {
  readonly weight: Parameter;

  constructor(
    readonly count: number,
    readonly outFeatures: number,
    readonly options: EmbeddingBagOptions = {},
  ) {
    super();
    check("embeddingBag", "count", count, oneOrMore);
    check("embeddingBag", "features", outFeatures, oneOrMore);
    checkOptions("embeddingBag", options, { mode: words("mean", "sum", "max"), init: callback });
    this.weight = new Parameter([count, outFeatures], options.init ?? normal());
  }

  override toString(): string {
    return `embeddingBag(${this.count}, ${this.outFeatures})`;
  }

  override forward(rows: Tensor): Tensor {
    checkTensor(String(this), "rows", rows);
    needWhole(String(this), "rows", rows);
    if (rows.rank !== 2) refuseShape(String(this), "rows", rows, "[samples, numbers]");
    const taken = gatherRows(this.weight, rows, 0, `${this}: number`);
    return taken[this.options.mode ?? "mean"](1);
  }
}

/**
 * See `EmbeddingBag`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(nn.embeddingBag(100, 8).forward(tensor(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 3])).shape); // [2, 8]
 * ```
 */
export const embeddingBag = (count: number, features: number, options?: EmbeddingBagOptions): EmbeddingBag =>
  new EmbeddingBag(count, features, options);
