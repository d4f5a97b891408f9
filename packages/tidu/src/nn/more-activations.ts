// Activation functions that are used less often.
import { check, finite, integer, oneOrMore, positive, refuse, refuseShape, share } from "../base/check.js";
import { normalizeAxis } from "../base/shape.js";
import { defaultGenerator } from "../tensor/random.js";
import { checkTensor, type Tensor, unchanged } from "../tensor/tensor.js";
import { Activation } from "./activation.js";
import { constant } from "./init.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** From `low` to `high`; at these two the gradient is that of the inside. */
const held = (x: Tensor, low: number, high: number): Tensor => x.lt(low).where(low, x.gt(high).where(high, x));
/** The same, with a gradient of 0 at the two, as `relu` has. */
const cut = (x: Tensor, low: number, high: number): Tensor => x.le(low).where(low, x.ge(high).where(high, x));

/**
 * min(max(x + 3, 0), 6) / 6 (Courbariaux et al., NIPS 2015; in this form Howard et al., ICCV 2019).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.hardSigmoid().forward(tensor([-4, 0, 4])).array()); // [0, 0.5, 1]
 * ```
 */
export const hardSigmoid = (): Activation<"all"> =>
  new Activation("hardSigmoid", (x) => cut(x.add(3), 0, 6).mul(1 / 6));

/**
 * x · hardSigmoid(x) (Howard et al., ICCV 2019).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.hardSwish().forward(tensor([0, 4])).array()); // [0, 4]
 * ```
 */
export const hardSwish = (): Activation<"all"> =>
  new Activation("hardSwish", (x) => x.mul(held(x.add(3), 0, 6).mul(1 / 6)));

/**
 * min(max(x, 0), 6).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.relu6().forward(tensor([-1, 3, 8])).array()); // [0, 3, 6]
 * ```
 */
export const relu6 = (): Activation<"all"> => new Activation("relu6", (x) => cut(x, 0, 6));

/**
 * x · tanh(softplus(x)) (Misra, BMVC 2020).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.mish().forward(tensor([0, 100])).array()); // [0, 100]
 * ```
 */
export const mish = (): Activation<"all"> => new Activation("mish", (x) => x.mul(x.softplus().tanh()));

/**
 * x / (1 + |x|) (Turian et al., 2009).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.softsign().forward(tensor([-1, 3])).array()); // [-0.5, 0.75]
 * ```
 */
export const softsign = (): Activation<"all"> => new Activation("softsign", (x) => x.div(x.abs().add(1)));

const expLinear = (x: Tensor, alpha: number, scale: number): Tensor =>
  x.gt(0).where(
    x,
    x
      .gt(0)
      .where(0, x)
      .mul(1 / scale)
      .expm1()
      .mul(alpha),
  );

/**
 * x where x > 0, else alpha · (e^(x / alpha) - 1) (Barron, 2017). @param alpha above 0; default 1.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.celu().forward(tensor([-100, 2])).array()); // [-1, 2]
 * ```
 */
export function celu(alpha = 1): Activation<"all"> {
  check("celu", "alpha", alpha, positive);
  return new Activation("celu", (x) => expLinear(x, alpha, alpha), alpha);
}

const SELU = { alpha: 1.6732632423543772, scale: 1.0507009873554805 };

/**
 * λ x where x > 0, else λ α (e^x - 1), which keeps mean 0 and variance 1 (Klambauer et al., NIPS 2017).
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.selu().forward(tensor([0])).array()); // [0]
 * ```
 */
export const selu = (): Activation<"all"> => new Activation("selu", (x) => expLinear(x, SELU.alpha, 1).mul(SELU.scale));

/**
 * The first half of an axis times the sigmoid of the second (Dauphin et al., ICML 2017). @param axis default the last.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 *
 * console.log(nn.glu().forward(zeros([2, 6])).shape); // [2, 3]
 * ```
 */
export function glu(axis = -1): Activation {
  check("glu", "axis", axis, integer);
  return new Activation(
    "glu",
    (x) => {
      const at = normalizeAxis("glu", axis, x.rank);
      const half = x.shape[at] / 2;
      if (half % 1 !== 0) refuseShape("glu", "input", x, `of an even size in axis ${axis}`);
      return x.slice(at, 0, half).mul(x.slice(at, half).sigmoid());
    },
    ...(axis === -1 ? [] : [axis]),
  );
}

/**
 * x where x > 0, else a learned slope times x (He et al., ICCV 2015). Weight [1], or [channels] for one each of axis 1.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 *
 * console.log(await new nn.Prelu(2).weight.array()); // [0.25, 0.25]
 * ```
 */
export class Prelu extends Module {
  declare readonly keeps?: "all";
  readonly weight: Parameter;

  constructor(
    readonly channels = 1,
    slope = 0.25,
  ) {
    super();
    check("prelu", "channels", channels, oneOrMore);
    check("prelu", "slope", slope, finite);
    this.weight = new Parameter([channels], constant(slope));
  }

  override toString(): string {
    return `prelu(${this.channels})`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    if (this.channels !== 1 && x.shape[1] !== this.channels)
      refuseShape(String(this), "input", x, `of ${this.channels} channels (axis 1)`);
    const slope = this.weight.reshape(x.shape.map((_, i) => (i === 1 ? this.channels : 1)));
    return x.gt(0).where(x, x.mul(slope));
  }
}

/**
 * See `Prelu`. @param slope initial value; default 0.25.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.prelu().forward(tensor([[-1, 2]])).array()); // [[-0.25, 2]]
 * ```
 */
export const prelu = (channels = 1, slope = 0.25): Prelu => new Prelu(channels, slope);

/**
 * Dropout that keeps the mean and variance of the outputs of `selu`: dropped elements become -λα, then all are scaled
 * (Klambauer et al., NIPS 2017).
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 *
 * console.log(`${new nn.AlphaDropout(0.2)}`); // alphaDropout(0.2)
 * ```
 */
export class AlphaDropout extends Module {
  declare readonly keeps?: "all";

  constructor(readonly p = 0.5) {
    super();
    check("alphaDropout", "p", p, share);
  }

  override toString(): string {
    return `alphaDropout(${this.p})`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    if (!this.training || this.p === 0) return unchanged(x);
    const low = -SELU.alpha * SELU.scale;
    const a = 1 / Math.sqrt((1 - this.p) * (1 + this.p * low * low));
    const kept = defaultGenerator().uniform(x.shape).ge(this.p);
    return kept
      .where(x, low)
      .mul(a)
      .add(-a * low * this.p);
  }
}

/**
 * See `AlphaDropout`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.alphaDropout(0.5).predict(tensor([[1, 2]])).then((x) => x.array())); // [[1, 2]]
 * ```
 */
export const alphaDropout = (p = 0.5): AlphaDropout => new AlphaDropout(p);

/**
 * During training, sets whole samples to 0 with probability p, and scales the others by 1 / (1 - p); for the branch of
 * a residual (Huang et al., ECCV 2016).
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 *
 * console.log(`${new nn.DropPath(0.2)}`); // dropPath(0.2)
 * ```
 */
export class DropPath extends Module {
  declare readonly keeps?: "all";

  constructor(readonly p = 0.1) {
    super();
    check("dropPath", "p", p, share);
  }

  override toString(): string {
    return `dropPath(${this.p})`;
  }

  override forward(x: Tensor): Tensor {
    checkTensor(String(this), "input", x);
    if (x.rank === 0) refuse(String(this), "input", x, "[samples, …]");
    if (!this.training || this.p === 0) return unchanged(x);
    const kept = defaultGenerator()
      .uniform(x.shape.map((d, i) => (i === 0 ? d : 1)))
      .ge(this.p);
    return kept.where(x.mul(1 / (1 - this.p)), 0);
  }
}

/**
 * See `DropPath`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "tidu";
 *
 * console.log(await nn.dropPath(0.5).predict(tensor([[1, 2]])).then((x) => x.array())); // [[1, 2]]
 * ```
 */
export const dropPath = (p = 0.1): DropPath => new DropPath(p);
