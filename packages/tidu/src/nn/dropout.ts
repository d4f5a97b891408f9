// Dropout as a layer: of elements, channels or units.
import { check, checkOptions, share, words } from "../base/check.js";
import { ShapeError } from "../base/errors.js";
import { defaultGenerator } from "../tensor/random.js";
import { checkTensor, type Tensor, unchanged } from "../tensor/tensor.js";
import { dropUnits } from "./drop-units.js";
import { Module } from "./module.js";

/** Options of `dropout`. */
export interface DropoutOptions {
  /**
   * When outputs are scaled. "training" (the default, inverted dropout) multiplies kept elements by 1 / (1 - p) during
   * training. "test" multiplies all elements by 1 - p at inference, as the notes and the first papers do. The expected
   * output is the same in both.
   */
  readonly scale?: "training" | "test";
  /**
   * What is dropped: "elements" (the default); "channels", each channel of each sample of [samples, channels, …] as a
   * whole (Tompson et al., CVPR 2015); or "units", which keeps exactly round((1 - p) · n) of the n units of axis 1, the
   * same ones for the whole mini-batch. Dropped units are not computed: at p = 0.5, a layer between two of these has a
   * quarter of the multiplications.
   */
  readonly drop?: "elements" | "channels" | "units";
}

/**
 * During training, sets elements to 0 with probability p, by a new random mask in each step; at inference, drops nothing.
 * Hinton et al., 2012; Srivastava et al., JMLR 15, 2014.
 */
export class Dropout extends Module {
  declare readonly keeps?: "all";

  /**
   * @param p probability that an element is dropped, at least 0 and below 1.
   */
  constructor(
    readonly p: number,
    readonly options: DropoutOptions = {},
  ) {
    super();
    check("dropout", "p", p, share);
    checkOptions("dropout", options, {
      scale: words("training", "test"),
      drop: words("elements", "channels", "units"),
    });
  }

  override toString(): string {
    const options = Object.entries(this.options).map(([name, value]) => `${name}: "${value}"`);
    return options.length === 0 ? `dropout(${this.p})` : `dropout(${this.p}, { ${options.join(", ")} })`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    const { p } = this;
    const { scale = "training", drop = "elements" } = this.options;
    if (!this.training) return scale === "test" ? x.mul(1 - p) : unchanged(x);
    if (p === 0) return unchanged(x);
    if (drop === "units") return this.#units(x, scale);
    const shape = drop === "elements" ? x.shape : x.shape.map((size, axis) => (axis < 2 ? size : 1));
    const kept = defaultGenerator().uniform(shape, { paired: true }).ge(p);
    return kept.where(scale === "test" ? x : x.mul(1 / (1 - p)), 0);
  }

  #units(x: Tensor, scale: "training" | "test"): Tensor {
    if (x.rank < 2) throw new ShapeError(`${this}: input has shape [${x.shape}], expected [samples, units, …]`);
    const units = x.shape[1];
    const keep = Math.round((1 - this.p) * units);
    if (keep === 0) throw new ShapeError(`${this}: of ${units} units none is kept; use a lower p or a wider layer`);
    const kept = dropUnits(x, keep, defaultGenerator());
    return scale === "test" ? kept : kept.mul(units / keep);
  }
}

/**
 * See `Dropout`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * const net = nn.dropout(0.5)
 * console.log(await (await net.predict(tensor([[1, 2]]))).array()); // [[1, 2]]
 * ```
 */
export const dropout = (p = 0.5, options?: DropoutOptions): Dropout => new Dropout(p, options);
