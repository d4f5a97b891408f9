import { isFloat } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import { index } from "../graph/ops/index.js";
import { defaultGenerator } from "../tensor/random.js";
import { arange, Tensor } from "../tensor/tensor.js";
import { Augmentation, type Batch } from "./augmentation.js";
import { checkFinite } from "./check.js";
import { below, choose } from "./draw.js";
import { CHANGE, type ChangeOptions, checkOptions, spell } from "./options.js";

/**
 * Mixes each sample i, image and target, with another one j of the batch: x = λ·x_i + (1 - λ)·x_j and
 * t = λ·t_i + (1 - λ)·t_j, with λ from the distribution Beta(alpha, alpha), drawn for each sample. Zhang, Cissé, Dauphin
 * and Lopez-Paz, "mixup: Beyond empirical risk minimization", ICLR 2018, equation 1.
 *
 * Sample i is mixed with sample i + k of the batch, cyclically, with k drawn for each step. Since the order of samples
 * is random, so are the pairs.
 *
 * @param alpha above 0; 0.1 to 0.4 were best on ImageNet. Small values leave most samples nearly unchanged.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "tidu";
 * import { mixup } from "tidu/augment";
 *
 * const { targets } = mixup(0.2).apply(zeros([4, 1, 28, 28]));
 * console.log(targets(tensor(Int32Array.of(1, 2, 3, 4)), 10).shape); // [4, 10]
 * ```
 */
export function mixup(alpha: number, options: ChangeOptions = {}): Augmentation {
  checkFinite("mixup", "alpha", alpha, true);
  checkOptions("mixup", options, CHANGE);
  const { p = 1 } = options;
  const change = (batch: Batch): Batch => {
    const [n] = batch.images.shape;
    const share = choose(n, p)(beta(n, alpha), 1);
    const other = arange(n).add(below(1, n - 1).add(1));
    const partner = other.sub(other.ge(n).where(n, 0)).toInt();
    const mix = (x: Tensor): Tensor => {
      const own = share.reshape([n, ...x.shape.slice(1).map(() => 1)]);
      return x.mul(own).add(x.gather(partner).mul(own.neg().add(1)));
    };
    return {
      ...batch,
      images: mix(batch.images.toFloat()),
      targets: (of, classes) => mix(shares(batch.targets(of, classes), classes)),
    };
  };
  return new Augmentation([{ text: spell("mixup", [alpha], options), change }]);
}

/** Keeps a quotient finite. */
const LEAST = 1e-30;

/**
 * Numbers from the distribution Beta(alpha, alpha), [n]: 1/2 + T / (2·√(2·alpha + T²)), where T has Student's t
 * distribution with 2·alpha degrees of freedom, T = √(2·alpha·(U^(-1/alpha) - 1))·cos(2π·V). Bailey, Mathematics of
 * Computation 62, 1994; Devroye, Winter Simulation Conference 1996. Written so that no part of it overflows.
 */
export function beta(n: number, alpha: number): Tensor {
  const generator = defaultGenerator();
  const root = generator.uniform([n]).log().div(alpha); // the logarithm of U^(1/alpha)
  const cos = generator
    .uniform([n])
    .mul(2 * Math.PI)
    .cos();
  const tail = root.expm1().neg();
  const whole = root.exp().add(tail.mul(cos.square())).maximum(LEAST);
  const t = tail.div(whole).sqrt().mul(cos); // T / √(2·alpha + T²)
  return t.maximum(-1).minimum(1).mul(0.5).add(0.5);
}

/** Targets that can be mixed: class numbers become f32 [n, classes] with a 1 at each sample's class. */
function shares(targets: Tensor, classes: number | undefined): Tensor {
  if (isFloat(targets.dtype) || targets.rank !== 1) return targets.toFloat();
  if (classes === undefined) {
    throw new ArgumentError(
      `mixup: ${targets.size} class numbers cannot be mixed without the number of classes; pass it: targets(t, classes)`,
    );
  }
  return new Tensor(index([1, classes])).eq(targets.reshape([targets.size, 1])).toFloat();
}
