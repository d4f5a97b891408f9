// Adds up the metrics of batches into those of an epoch.
import { isFloat } from "../base/dtype.js";
import { isClass } from "../nn/classes.js";
import { concat, type Tensor, zeros } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";
import type { Evaluation } from "./reports.js";

/** The results of a batch. */
export interface BatchResult {
  /** Mean loss of its samples. */
  readonly loss: number;
  /** Correctly classified samples; 0 where the targets are not class numbers. */
  readonly right: number;
  /** The regularizer's penalty. */
  readonly penalty: number;
  /** Means of the user's metrics. */
  readonly own: Readonly<Record<string, number>>;
}

/** Carries a batch's results out of a compiled step. */
export class Meter {
  #row: Variable | undefined;
  /** Names of the user's metrics. Known once a step is traced. */
  names: readonly string[] = [];

  /** Inside a step: records its results, each one number. */
  note(loss: Tensor, right = zeros([]), penalty = zeros([]), own: Readonly<Record<string, Tensor>> = {}): void {
    this.names = Object.keys(own);
    const row = concat([loss, right, penalty, ...Object.values(own)].map((v) => v.reshape([1])));
    if (this.#row?.dtype !== row.dtype) this.#row = new Variable(zeros(row.shape).to(row.dtype), "batch results");
    this.#row.assign(row);
  }

  /** The results of the last step. */
  async read(): Promise<BatchResult> {
    const [loss, right, penalty, ...own] = await (this.#row as Variable).data();
    return { loss, right, penalty, own: Object.fromEntries(this.names.map((name, i) => [name, own[i]])) };
  }
}

/** Sums over samples, from which means over batches are made. */
export interface Sums {
  readonly samples: number;
  readonly loss: number;
  readonly right: number;
  readonly penalty: number;
  readonly own: Readonly<Record<string, number>>;
}

/** Means over batches, each weighted by its samples. */
export class Means {
  constructor(public sums: Sums = { samples: 0, loss: 0, right: 0, penalty: 0, own: {} }) {}

  add({ loss, right, penalty, own }: BatchResult, samples: number): void {
    const sum = this.sums;
    this.sums = {
      samples: sum.samples + samples,
      loss: sum.loss + loss * samples,
      right: sum.right + right,
      penalty: sum.penalty + penalty * samples,
      own: mapped(own, (value, name) => (sum.own[name] ?? 0) + value * samples),
    };
  }

  /** Loss, accuracy where the targets are class numbers, and the user's metrics if there are any. */
  evaluation(classifies: boolean): Evaluation {
    const { loss, right, samples, own } = this.sums;
    return {
      loss: loss / samples,
      ...(classifies && { accuracy: right / samples }),
      ...(Object.keys(own)[0] !== undefined && { metrics: mapped(own, (value) => value / samples) }),
    };
  }
}

/** The same names with other values. */
export const mapped = <V, W>(
  record: Readonly<Record<string, V>>,
  to: (value: V, name: string) => W,
): Record<string, W> => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value, name)]));

/** Whether targets [samples] are class numbers and the output has a score for each class. */
export const areClasses = (output: Tensor | undefined, target: Tensor): output is Tensor =>
  !isFloat(target.dtype) && output?.rank === 2 && target.rank === 1;

/**
 * How many samples have their largest score at the right class; a mixed sample, with shares of several classes, counts
 * by the share of that class.
 */
export function countRight(scores: Tensor, target: Tensor): Tensor {
  const best = scores.argmax(1);
  if (target.rank === 1) return best.eq(target).toFloat().sum();
  return isClass(best, scores.shape[1]).where(target, 0).sum();
}
