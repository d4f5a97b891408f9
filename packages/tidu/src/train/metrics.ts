import { isClass } from "../nn/classes.js";
import { concat, type Tensor, zeros } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";
import type { Evaluation } from "./reports.js";

/** What a batch came to. */
export interface BatchResult {
  /** Mean loss of its samples. */
  readonly loss: number;
  /** Samples put into the right class; 0 where the targets are not class numbers. */
  readonly right: number;
  /** What the regularizer added. */
  readonly penalty: number;
  /** Means of the user's metrics. */
  readonly own: Readonly<Record<string, number>>;
}

/** Carries a batch's results out of a compiled step. */
export class Meter {
  #row: Variable | undefined;
  /** Of the user's metrics. Known once a step is traced. */
  names: readonly string[] = [];

  /** Inside a step: notes its results, each one number. */
  note(loss: Tensor, right = zeros([]), penalty = zeros([]), own: Readonly<Record<string, Tensor>> = {}): void {
    this.names = Object.keys(own);
    const row = concat([loss, right, penalty, ...Object.values(own)].map((v) => v.reshape([1])));
    this.#row ??= new Variable(zeros(row.shape), "batch results");
    this.#row.assign(row);
  }

  /** The results of the step that ran last. */
  async read(): Promise<BatchResult> {
    const [loss, right, penalty, ...own] = await (this.#row as Variable).data();
    return { loss, right, penalty, own: Object.fromEntries(this.names.map((name, i) => [name, own[i]])) };
  }
}

/** What means over batches are made from: sums over samples. */
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

/** Whether targets [samples] are the numbers of classes, for each of which the output has a score. */
export const areClasses = (output: Tensor | undefined, target: Tensor): output is Tensor =>
  target.dtype !== "f32" && output?.rank === 2 && target.rank === 1;

/**
 * How many samples have their largest score at the right class; of samples that belong to several classes, as mixed ones
 * do, the shares of that class.
 */
export function countRight(scores: Tensor, target: Tensor): Tensor {
  const best = scores.argmax(1);
  if (target.rank === 1) return best.eq(target).toFloat().sum();
  return isClass(best, scores.shape[1]).where(target, 0).sum();
}
