// Learning rates by epoch, or by step as fractions of epochs.
import { better } from "../base/better.js";
import {
  callback,
  check,
  checkOptions,
  type Kind,
  listOf,
  needed,
  notNegative,
  oneOrMore,
  positive,
  real,
  options as record,
  refuse,
  share,
  whole,
  within,
  words,
} from "../base/check.js";

/**
 * The learning rate of an epoch: a pure function, so that resumed training continues unchanged.
 *
 * @param epoch from 0; with `scheduleBy: "step"` of `fit` fractions too, such as 2.5 in the middle of the third.
 * @param lr the optimizer's own learning rate, which the schedule starts from.
 * @param metrics what was measured at the end of each epoch so far, such as the validation loss.
 * @throws ArgumentError past the schedule's end.
 */
export interface Schedule {
  (epoch: number, lr: number, metrics?: readonly number[]): number;
  /** The last epoch for which it has a learning rate, if it ends. */
  readonly last?: number;
}

/** A schedule that checks its arguments. */
function schedule(
  name: string,
  rate: (epoch: number, lr: number, metrics: readonly number[]) => number,
  last?: number,
): Schedule {
  const checked = (epoch: number, lr: number, metrics: readonly number[] = []): number => {
    check(name, "epoch", epoch, last === undefined ? notNegative : within(0, last));
    check(name, "lr", lr, notNegative);
    check(name, "metrics", metrics, listOf(real));
    return rate(epoch, lr, metrics);
  };
  return last === undefined ? checked : Object.assign(checked, { last });
}

/**
 * lr · gamma^floor(epoch / every).
 *
 * @example
 * ```ts
 * import { optim } from "tidu";
 *
 * const rate = optim.schedule.step({ every: 10, gamma: 0.5 })
 * console.log([0, 9, 10].map((epoch) => rate(epoch, 1))); // [1, 1, 0.5]
 * ```
 */
export function step(options: { readonly every: number; readonly gamma?: number }): Schedule {
  check("step", "options", options, record({ every: needed(oneOrMore), gamma: positive }));
  const { every, gamma = 0.1 } = options;
  return schedule("step", (epoch, lr) => lr * gamma ** Math.floor(epoch / every));
}

/**
 * lr · gamma^epoch.
 *
 * @example
 * ```ts
 * import { optim } from "tidu";
 *
 * const rate = optim.schedule.exponential({ gamma: 0.5 })
 * console.log([0, 1, 2].map((epoch) => rate(epoch, 1))); // [1, 0.5, 0.25]
 * ```
 */
export function exponential(options: { readonly gamma: number }): Schedule {
  check("exponential", "options", options, record({ gamma: needed(positive) }));
  const { gamma } = options;
  return schedule("exponential", (epoch, lr) => lr * gamma ** epoch);
}

/**
 * From lr to `min` (default 0) along half a cosine, reached in epoch number `epochs`, which is the last: a further one is
 * an error. Loshchilov and Hutter, ICLR 2017 (without restarts).
 *
 * @example
 * ```ts
 * import { optim } from "tidu";
 *
 * const rate = optim.schedule.cosine({ epochs: 3 })
 * console.log([0, 1, 2].map((epoch) => Number(rate(epoch, 1).toFixed(3)))); // [1, 0.75, 0.25]
 * ```
 */
export function cosine(options: { readonly epochs: number; readonly min?: number }): Schedule {
  check("cosine", "options", options, record({ epochs: needed(positive), min: notNegative }));
  const { epochs, min = 0 } = options;
  const rate = (epoch: number, lr: number) => min + ((lr - min) * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
  return schedule("cosine", rate, epochs);
}

/** Options of `linear`. */
export interface LinearOptions {
  /** Epochs until lr · `to` is reached, where it stays. */
  readonly epochs: number;
  /** First factor of lr, at least 0. */
  readonly from: number;
  /** Last factor of lr, at least 0. Default 1. */
  readonly to?: number;
}

/**
 * From lr · from to lr · to in equal steps, and lr · to after that.
 *
 * @example
 * ```ts
 * import { optim } from "tidu";
 *
 * const rate = optim.schedule.linear({ from: 1, to: 0, epochs: 4 })
 * console.log([0, 2, 4].map((epoch) => Number(rate(epoch, 1).toFixed(3)))); // [1, 0.5, 0]
 * ```
 */
export function linear(options: LinearOptions): Schedule {
  check("linear", "options", options, record({ epochs: needed(positive), from: needed(notNegative), to: notNegative }));
  const { epochs, from, to = 1 } = options;
  return schedule("linear", (epoch, lr) => lr * (from + ((to - from) * Math.min(epoch, epochs)) / epochs));
}

/** Options of `polynomial`. */
export interface PolynomialOptions {
  /** Epochs until `min` is reached, where it stays. */
  readonly epochs: number;
  /** Above 0; 1 is a straight line. Default 1. */
  readonly power?: number;
  /** Last learning rate. Default 0. */
  readonly min?: number;
}

/**
 * From lr down to `min`: min + (lr - min) · (1 - epoch / epochs)^power. PyTorch's PolynomialLR.
 *
 * @example
 * ```ts
 * import { optim } from "tidu";
 *
 * const rate = optim.schedule.polynomial({ epochs: 4 });
 * console.log(rate(0, 1) > rate(2, 1)); // true
 * ```
 */
export function polynomial(options: PolynomialOptions): Schedule {
  check("polynomial", "options", options, record({ epochs: needed(positive), power: positive, min: notNegative }));
  const { epochs, power = 1, min = 0 } = options;
  return schedule("polynomial", (epoch, lr) => min + (lr - min) * (1 - Math.min(epoch / epochs, 1)) ** power);
}

/** Options of `oneCycle`. */
export interface OneCycleOptions {
  /** Length of the cycle in epochs: the whole training. */
  readonly epochs: number;
  /** Share of the cycle in which the learning rate rises, above 0 and below 1. Default 0.3. */
  readonly rise?: number;
  /** First factor of lr, at least 0. Default 1 / 25. */
  readonly from?: number;
  /** Last factor of lr, at least 0. Default 1 / 250,000. */
  readonly to?: number;
}

/**
 * From lr · from up to lr and down to lr · to, each along half a cosine: use it with `scheduleBy: "step"`. Smith and
 * Topin, 2019; the defaults are PyTorch's OneCycleLR, of which momentum stays as it is.
 *
 * @example
 * ```ts
 * import { optim } from "tidu";
 *
 * const rate = optim.schedule.oneCycle({ epochs: 10 });
 * console.log(rate(0, 1) < rate(3, 1)); // true
 * ```
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const between: Kind = { ...share, says: "above 0 and below 1", ok: (x) => share.ok(x) && x !== 0 };
  check(
    "oneCycle",
    "options",
    options,
    record({ epochs: needed(positive), rise: between, from: notNegative, to: notNegative }),
  );
  const { epochs, rise = 0.3, from = 1 / 25, to = from / 1e4 } = options;
  const along = (a: number, b: number, part: number) => b + ((a - b) * (1 + Math.cos(Math.PI * part))) / 2;
  const top = rise * epochs;
  return schedule(
    "oneCycle",
    (epoch, lr) => lr * (epoch < top ? along(from, 1, epoch / top) : along(1, to, (epoch - top) / (epochs - top))),
    epochs,
  );
}

/** Options of `warmup`. */
export interface WarmupOptions {
  /** Epochs until lr is reached. */
  readonly epochs: number;
  /** First factor of lr. Default 0.1. */
  readonly from?: number;
  /** The schedule that follows, with epochs counted from 0 again; default constant lr. */
  readonly next?: Schedule;
}

/**
 * From lr · from up to lr in equal steps, then another schedule (Goyal et al., 2017).
 *
 * @example
 * ```ts
 * import { optim } from "tidu";
 *
 * const rate = optim.schedule.warmup({ epochs: 2, from: 0, next: optim.schedule.exponential({ gamma: 0.5 }) })
 * console.log([0, 1, 2, 3].map((epoch) => rate(epoch, 1))); // [0, 0.5, 1, 0.5]
 * ```
 */
export function warmup(options: WarmupOptions): Schedule {
  check("warmup", "options", options, record({ epochs: needed(positive), from: notNegative, next: callback }));
  const { epochs, from = 0.1, next } = options;
  const rise = linear({ epochs, from });
  return schedule(
    "warmup",
    (epoch, lr, metrics) =>
      next === undefined || epoch < epochs
        ? rise(epoch, lr)
        : next(epoch - epochs, lr, metrics.slice(Math.ceil(epochs))),
    next?.last === undefined ? undefined : epochs + next.last,
  );
}

/** Options of `reduceOnPlateau`. */
export interface PlateauOptions {
  /** Whether the metric is to fall ("min", the default, as a loss) or to rise ("max", as an accuracy). */
  readonly mode?: "min" | "max";
  /** What the learning rate is multiplied by, above 0 and below 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement before a reduction. Default 10. */
  readonly patience?: number;
  /** Least improvement that counts. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best value ("relative", the default) or a difference. */
  readonly thresholdMode?: "relative" | "absolute";
  /** Epochs after a reduction that do not count towards `patience`. Default 0. */
  readonly cooldown?: number;
  /** Smallest learning rate. Default 0. */
  readonly min?: number;
}

/**
 * Multiplies the learning rate by `factor` whenever the metric has not improved for more than `patience` epochs.
 *
 * @example
 * ```ts
 * import { optim } from "tidu";
 *
 * const rate = optim.schedule.reduceOnPlateau({ factor: 0.5, patience: 0 })
 * console.log(rate(2, 1, [0.3, 0.3])); // 0.5
 * ```
 */
export function reduceOnPlateau(options: PlateauOptions = {}): Schedule {
  checkOptions("reduceOnPlateau", options, {
    mode: words("min", "max"),
    factor: { ...share, says: "above 0 and below 1", ok: (x) => share.ok(x) && x !== 0 },
    patience: whole(0),
    threshold: notNegative,
    thresholdMode: words("relative", "absolute"),
    cooldown: whole(0),
    min: notNegative,
  });
  const { factor = 0.1, patience = 10, cooldown = 0, min = 0 } = options;
  const improves = improvement(options);
  return schedule("reduceOnPlateau", (epoch, lr, metrics) => {
    const done = Math.floor(epoch);
    if (metrics.length < done) refuse("reduceOnPlateau", "metrics", metrics, `those of the ${done} epochs before`);
    let best: number | undefined;
    let [bad, resting] = [0, 0];
    for (const metric of metrics.slice(0, done)) {
      if (better(metric, best, improves)) [best, bad] = [metric, 0];
      else bad++;
      if (resting > 0) [resting, bad] = [resting - 1, 0];
      if (bad > patience) [lr, resting, bad] = [Math.max(lr * factor, min), cooldown, 0];
    }
    return lr;
  });
}

function improvement({ mode = "min", threshold = 1e-4, thresholdMode = "relative" }: PlateauOptions) {
  const sign = mode === "min" ? 1 : -1;
  const margin = (best: number) => (thresholdMode === "relative" ? threshold * Math.abs(best) : threshold);
  return (metric: number, best: number): boolean => sign * metric < sign * best - margin(best);
}
