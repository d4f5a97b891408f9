import { checkCount, checkPositive, checkRange } from "../base/check.js";
import { ArgumentError } from "../base/errors.js";

/**
 * The learning rate of an epoch: a pure function, so that a resumed training goes on as it would have.
 *
 * @param epoch from 0.
 * @param lr the optimiser's own learning rate, which the schedule starts from.
 * @param metrics what was measured at the end of each epoch so far, such as the validation loss.
 * @throws ArgumentError past the schedule's end.
 */
export type Schedule = (epoch: number, lr: number, metrics?: readonly number[]) => number;

/** lr · gamma^floor(epoch / every). */
export function step({ every, gamma = 0.1 }: { readonly every: number; readonly gamma?: number }): Schedule {
  checkCount("step", "every", every);
  checkPositive("step", "gamma", gamma);
  return (epoch, lr) => lr * gamma ** Math.floor(checkEpoch("step", epoch) / every);
}

/** lr · gamma^epoch. */
export function exponential({ gamma }: { readonly gamma: number }): Schedule {
  checkPositive("exponential", "gamma", gamma);
  return (epoch, lr) => lr * gamma ** checkEpoch("exponential", epoch);
}

/**
 * From lr to `min` (default 0) along half a cosine, reached in epoch number `epochs`, which is the last: a further one is
 * an error. Loshchilov and Hutter, ICLR 2017 (without restarts).
 */
export function cosine({ epochs, min = 0 }: { readonly epochs: number; readonly min?: number }): Schedule {
  checkCount("cosine", "epochs", epochs);
  checkRange("cosine", "min", min);
  return (epoch, lr) => {
    const part = checkEpoch("cosine", epoch, epochs) / epochs;
    return min + ((lr - min) * (1 + Math.cos(Math.PI * part))) / 2;
  };
}

export interface LinearOptions {
  /** Epochs until lr · `to` is reached, where it stays. */
  readonly epochs: number;
  /** First factor of lr, at least 0. */
  readonly from: number;
  /** Last factor of lr, at least 0. Default 1. */
  readonly to?: number;
}

/** From lr · from to lr · to in equal steps, and lr · to after that. */
export function linear({ epochs, from, to = 1 }: LinearOptions): Schedule {
  checkCount("linear", "epochs", epochs);
  checkRange("linear", "from", from);
  checkRange("linear", "to", to);
  return (epoch, lr) => lr * (from + ((to - from) * Math.min(checkEpoch("linear", epoch), epochs)) / epochs);
}

export interface WarmupOptions {
  /** Epochs until lr is reached. */
  readonly epochs: number;
  /** First factor of lr. Default 0.1. */
  readonly from?: number;
  /** What follows, its epochs counted from 0; default lr. */
  readonly next?: Schedule;
}

/** From lr · from up to lr in equal steps, then another schedule (Goyal et al., 2017). */
export function warmup({ epochs, from = 0.1, next }: WarmupOptions): Schedule {
  const rise = linear({ epochs, from });
  return (epoch, lr, metrics) =>
    next === undefined || epoch < epochs ? rise(epoch, lr) : next(epoch - epochs, lr, metrics?.slice(epochs));
}

export interface PlateauOptions {
  /** Whether the metric is to fall ("min", the default, as a loss) or to rise ("max", as an accuracy). */
  readonly mode?: "min" | "max";
  /** What the learning rate is multiplied by, above 0 and below 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement that are borne. Default 10. */
  readonly patience?: number;
  /** Least improvement that counts. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best value ("relative", the default) or a difference. */
  readonly thresholdMode?: "relative" | "absolute";
  /** Epochs after a reduction in which nothing is counted. Default 0. */
  readonly cooldown?: number;
  /** Smallest learning rate. Default 0. */
  readonly min?: number;
}

/** Multiplies the learning rate by `factor` whenever the metric has not improved for more than `patience` epochs. */
export function reduceOnPlateau(options: PlateauOptions = {}): Schedule {
  const { factor = 0.1, patience = 10, cooldown = 0, min = 0 } = options;
  checkPositive("reduceOnPlateau", "factor", factor);
  checkRange("reduceOnPlateau", "factor", factor, 0, 1);
  checkCount("reduceOnPlateau", "patience", patience, 0);
  checkCount("reduceOnPlateau", "cooldown", cooldown, 0);
  checkRange("reduceOnPlateau", "min", min);
  const improves = improvement(options);
  return (epoch, lr, metrics = []) => {
    if (metrics.length < checkEpoch("reduceOnPlateau", epoch)) {
      throw new ArgumentError(
        `reduceOnPlateau: epoch ${epoch} needs the metrics of the ${epoch} epochs before it, got ${metrics.length}`,
      );
    }
    let [best, bad, resting] = [Number.NaN, 0, 0];
    for (const metric of metrics.slice(0, epoch)) {
      if (Number.isNaN(best) || improves(metric, best)) [best, bad] = [metric, 0];
      else bad++;
      if (resting > 0) [resting, bad] = [resting - 1, 0];
      if (bad > patience) [lr, resting, bad] = [Math.max(lr * factor, min), cooldown, 0];
    }
    return lr;
  };
}

function improvement({ mode = "min", threshold = 1e-4, thresholdMode = "relative" }: PlateauOptions) {
  checkRange("reduceOnPlateau", "threshold", threshold);
  const sign = mode === "min" ? 1 : -1;
  const margin = (best: number) => (thresholdMode === "relative" ? threshold * Math.abs(best) : threshold);
  return (metric: number, best: number): boolean => sign * metric < sign * best - margin(best);
}

function checkEpoch(schedule: string, epoch: number, last = Number.POSITIVE_INFINITY): number {
  if (Number.isInteger(epoch) && epoch >= 0 && epoch <= last) return epoch;
  const range = last === Number.POSITIVE_INFINITY ? "a whole number of at least 0" : `from 0 to ${last}, its end`;
  throw new ArgumentError(`${schedule}: epoch is ${epoch}; it must be ${range}`);
}
