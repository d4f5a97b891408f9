// Optimizers that are used less often, each with its source.
import { listOf, notNegative, oneOrMore, positive, share } from "../base/check.js";
import { ones, type Tensor } from "../tensor/tensor.js";
import { type CommonOptions, decayed, Optimizer, type OptimizerOptions, replaced, type Step } from "./optimizer.js";

const betas = listOf(share, "a pair of numbers of at least 0 and below 1", 2);

export interface MomentOptions extends CommonOptions {
  /** Shares of the running means of g and of g² that are kept, each at least 0 and below 1. */
  readonly betas?: readonly [number, number];
  /** Added to the root, at least 0. */
  readonly eps?: number;
}

export interface AdagradOptions extends CommonOptions {
  /** Added to the root, at least 0. Default 1e-10. */
  readonly eps?: number;
}

/** s ← s + g², w ← w - lr · g / (√s + eps) (Duchi, Hazan and Singer, JMLR 12, 2011). Weight decay adds weightDecay · w to g. */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(options: OptimizerOptions<AdagradOptions>) {
    super("adagrad", options, { eps: notNegative });
  }

  protected override next(step: Step<AdagradOptions>): Tensor {
    const { variable, rate, options } = step;
    const gradient = decayed(step);
    const memory = this.memory(variable, "sum");
    const sum = replaced(memory, memory.add(gradient.square()));
    return variable.sub(gradient.mul(rate).div(sum.sqrt().add(options.eps ?? 1e-10)));
  }
}

/**
 * The base of optimizers with bias-corrected first and second moments: each is divided by what it would be if every
 * gradient had been 1.
 */
abstract class Moments<O extends MomentOptions> extends Optimizer<O> {
  /** @internal */
  protected moments({ variable, options }: Step<O>, gradient: Tensor) {
    const [keepMean, keepSquare] = options.betas ?? [0.9, 0.999];
    const mean = this.average(variable, "mean", gradient, keepMean);
    const square = this.average(variable, "square", gradient.square(), keepSquare);
    const meanOfOnes = this.average(variable, "meanOfOnes", ones([]), keepMean);
    const squareOfOnes = this.average(variable, "squareOfOnes", ones([]), keepSquare);
    return { mean, square, meanOfOnes, squareOfOnes, keepMean, keepSquare };
  }

  /** The number of the step, from 1 on. */
  protected count({ variable }: Step<O>): Tensor {
    const steps = this.memory(variable, "steps", []);
    return replaced(steps, steps.add(1));
  }
}

export interface NadamOptions extends MomentOptions {
  /** How fast the momentum rises to its value. Default 0.004. */
  readonly momentumDecay?: number;
}

/** Adam with Nesterov's momentum, which rises by a schedule, β₁ (1 - 0.96^(t · momentumDecay) / 2) (Dozat, ICLR workshop 2016). */
export class Nadam extends Moments<NadamOptions> {
  constructor(options: OptimizerOptions<NadamOptions>) {
    super("nadam", options, { betas, eps: notNegative, momentumDecay: notNegative });
  }

  protected override next(step: Step<NadamOptions>): Tensor {
    const { variable, rate, options } = step;
    const { eps = 1e-8, momentumDecay = 0.004 } = options;
    const gradient = decayed(step);
    const { mean, square, squareOfOnes, keepMean } = this.moments(step, gradient);
    const t = this.count(step);
    const momentum = (at: Tensor): Tensor =>
      at
        .mul(momentumDecay * Math.log(0.96))
        .exp()
        .mul(-0.5)
        .add(1)
        .mul(keepMean);
    const [now, later] = [momentum(t), momentum(t.add(1))];
    // The complement, so that products near 1 keep their digits.
    const memory = this.memory(variable, "product", []);
    const product = replaced(memory, memory.neg().add(1).mul(now).neg().add(1));
    const done = product.neg().add(1);
    const root = square.div(squareOfOnes).sqrt().add(eps);
    const own = gradient.mul(now.neg().add(1)).div(product);
    const ahead = mean.mul(later).div(done.mul(later).neg().add(1));
    return variable.sub(own.add(ahead).mul(rate).div(root));
  }
}

/**
 * Adam whose steps are plain momentum until the variance of the second moment can be estimated (Liu et al., ICLR 2020).
 */
export class Radam extends Moments<MomentOptions> {
  constructor(options: OptimizerOptions<MomentOptions>) {
    super("radam", options, { betas, eps: notNegative });
  }

  protected override next(step: Step<MomentOptions>): Tensor {
    const { variable, rate, options } = step;
    const gradient = decayed(step);
    const { mean, square, meanOfOnes, squareOfOnes, keepSquare } = this.moments(step, gradient);
    const t = this.count(step);
    const most = 2 / (1 - keepSquare) - 1;
    const power = squareOfOnes.neg().add(1);
    const length = t.mul(power).mul(2).div(squareOfOnes).neg().add(most);
    const told = length.gt(5);
    const safe = told.where(length, most);
    const variance = safe
      .sub(4)
      .mul(safe.sub(2))
      .mul(most)
      .div(safe.mul((most - 4) * (most - 2)))
      .sqrt();
    const adapted = variance.mul(squareOfOnes.sqrt()).div(square.sqrt().add(options.eps ?? 1e-8));
    const unbiased = mean.div(meanOfOnes);
    return variable.sub(told.where(unbiased.mul(adapted), unbiased).mul(rate));
  }
}

export interface LionOptions extends CommonOptions {
  /**
   * Share of the momentum in the direction of a step, and share that is kept for the next step. Default [0.9, 0.99].
   */
  readonly betas?: readonly [number, number];
}

/** w ← w - lr · (sign(β₁ m + (1 - β₁) g) + weightDecay · w), m ← β₂ m + (1 - β₂) g (Chen et al., NeurIPS 2023). */
export class Lion extends Optimizer<LionOptions> {
  constructor(options: OptimizerOptions<LionOptions>) {
    super("lion", options, { betas });
  }

  protected override next({ variable, gradient, rate, options }: Step<LionOptions>): Tensor {
    const { betas: [ahead, keep] = [0.9, 0.99], weightDecay = 0 } = options;
    const memory = this.memory(variable, "mean");
    const direction = memory
      .mul(ahead)
      .add(gradient.mul(1 - ahead))
      .sign();
    memory.assign(memory.mul(keep).add(gradient.mul(1 - keep)));
    return variable.sub(direction.add(variable.mul(weightDecay)).mul(rate));
  }
}

/**
 * AdamW's step u scaled to the length of the variable: w ← w - lr · |w| / |u| · u (You et al., ICLR 2020); the factor
 * is 1 where a length is 0.
 */
export class Lamb extends Moments<MomentOptions> {
  constructor(options: OptimizerOptions<MomentOptions>) {
    super("lamb", options, { betas, eps: notNegative });
  }

  protected override next(step: Step<MomentOptions>): Tensor {
    const { variable, gradient, rate, options } = step;
    const { mean, square, meanOfOnes, squareOfOnes } = this.moments(step, gradient);
    const adam = mean.div(meanOfOnes).div(
      square
        .div(squareOfOnes)
        .sqrt()
        .add(options.eps ?? 1e-6),
    );
    const update = adam.add(variable.mul(options.weightDecay ?? 0));
    const [own, other] = [variable, update].map((x) => x.square().sum());
    const none = own.mul(other).eq(0);
    const trust = none.where(1, own.div(none.where(1, other)).sqrt());
    return variable.sub(update.mul(trust.mul(rate)));
  }
}

export interface MuonOptions extends CommonOptions {
  /** Share of the last direction that is kept. Default 0.95. */
  readonly momentum?: number;
  /** Newton-Schulz rounds that make a matrix orthogonal. Default 5. */
  readonly rounds?: number;
}

/**
 * Momentum (Nesterov's) whose matrices are made orthogonal by Newton-Schulz rounds, X ← a X + (b A + c A²) X with A = X Xᵀ and a, b, c = 3.4445, -4.775, 2.0315
 * (Jordan et al., "Muon", 2024), times √max(1, rows / columns). Kernels count as matrices [out, all others]; variables
 * with one axis take plain momentum steps.
 */
export class Muon extends Optimizer<MuonOptions> {
  constructor(options: OptimizerOptions<MuonOptions>) {
    super("muon", options, { momentum: share, rounds: oneOrMore });
  }

  protected override next({ variable, gradient, rate, options }: Step<MuonOptions>): Tensor {
    const { momentum = 0.95, rounds = 5, weightDecay = 0 } = options;
    const memory = this.memory(variable, "momentum");
    const velocity = replaced(memory, memory.mul(momentum).add(gradient.mul(1 - momentum)));
    const direction = gradient.mul(1 - momentum).add(velocity.mul(momentum));
    const start = weightDecay === 0 ? variable : variable.sub(variable.mul(rate.mul(weightDecay)));
    if (variable.rank < 2) return start.sub(direction.mul(rate));
    const rows = variable.shape[0];
    const even = orthogonal(direction.reshape([rows, variable.size / rows]), rounds);
    return start.sub(
      even
        .mul(Math.sqrt(Math.max(1, (rows * rows) / variable.size)))
        .reshape(variable.shape)
        .mul(rate),
    );
  }
}

function orthogonal(matrix: Tensor, rounds: number): Tensor {
  const tall = matrix.shape[0] > matrix.shape[1];
  let x = tall ? matrix.transpose() : matrix;
  x = x.div(x.square().sum().sqrt().add(1e-7));
  for (let i = 0; i < rounds; i++) {
    const a = x.matmul(x.transpose());
    x = x.mul(3.4445).add(a.mul(-4.775).add(a.matmul(a).mul(2.0315)).matmul(x));
  }
  return tall ? x.transpose() : x;
}

export interface AdafactorOptions extends CommonOptions {
  /** How much of the old mean squares is kept: a share of 1 - t^-decay at step t. Default 0.8. */
  readonly decay?: number;
  /** Added to squares. Default 1e-30. */
  readonly eps?: number;
  /** The largest root mean square of an update. Default 1. */
  readonly clip?: number;
}

/**
 * Keeps only the mean squares of rows and of columns of a matrix: w ← w - lr · u / max(1, rms(u) / clip), u = g / √v̂
 * (Shazeer and Stern, ICML 2018), with a given learning rate and without momentum. Variables with one axis keep the
 * mean square of every element.
 */
export class Adafactor extends Optimizer<AdafactorOptions> {
  constructor(options: OptimizerOptions<AdafactorOptions>) {
    super("adafactor", options, { decay: positive, eps: positive, clip: positive });
  }

  protected override next({ variable, gradient, rate, options }: Step<AdafactorOptions>): Tensor {
    const { decay = 0.8, eps = 1e-30, clip = 1, weightDecay = 0 } = options;
    const steps = this.memory(variable, "steps", []);
    const t = replaced(steps, steps.add(1));
    const fresh = t.pow(-decay);
    const follow = (name: string, value: Tensor): Tensor => {
      const memory = this.memory(variable, name, value.shape);
      return replaced(memory, memory.add(value.sub(memory).mul(fresh)));
    };
    const square = gradient.square().add(eps);
    let scale: Tensor;
    if (variable.rank < 2) scale = follow("square", square);
    else {
      const rows = follow("rows", square.mean(-1, true));
      const columns = follow("columns", square.mean(-2, true));
      scale = rows.mul(columns).div(rows.mean(-2, true));
    }
    const update = gradient.div(scale.sqrt());
    const size = update.square().mean().sqrt().div(clip).maximum(1);
    const start = weightDecay === 0 ? variable : variable.sub(variable.mul(rate.mul(weightDecay)));
    return start.sub(update.div(size).mul(rate));
  }
}

/**
 * See `Adagrad`.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.adagrad({ lr: 0.1 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const adagrad = (options: OptimizerOptions<AdagradOptions>): Adagrad => new Adagrad(options);
/**
 * See `Nadam`. Betas default to [0.9, 0.999], eps to 1e-8.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.nadam({ lr: 0.1 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const nadam = (options: OptimizerOptions<NadamOptions>): Nadam => new Nadam(options);
/**
 * See `Radam`. Betas default to [0.9, 0.999], eps to 1e-8.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.radam({ lr: 0.1 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const radam = (options: OptimizerOptions<MomentOptions>): Radam => new Radam(options);
/**
 * See `Lion`.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.lion({ lr: 0.1 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const lion = (options: OptimizerOptions<LionOptions>): Lion => new Lion(options);
/**
 * See `Lamb`. Betas default to [0.9, 0.999], eps to 1e-6.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.lamb({ lr: 0.1 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const lamb = (options: OptimizerOptions<MomentOptions>): Lamb => new Lamb(options);
/**
 * See `Muon`.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.muon({ lr: 0.1 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const muon = (options: OptimizerOptions<MuonOptions>): Muon => new Muon(options);
/**
 * See `Adafactor`.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]))
 * const optimizer = optim.adafactor({ lr: 0.1 })
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]))
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export const adafactor = (options: OptimizerOptions<AdafactorOptions>): Adafactor => new Adafactor(options);
