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
}

/** Carries a batch's results out of a compiled step. */
export class Meter {
  readonly #row = new Variable(zeros([3]), "batch results");

  /** Inside a step: notes its results, each one number. */
  note(loss: Tensor, right: Tensor | undefined, penalty: Tensor | undefined): void {
    const none = zeros([]);
    this.#row.assign(concat([loss, right ?? none, penalty ?? none].map((v) => v.reshape([1]))));
  }

  /** The results of the step that ran last. */
  async read(): Promise<BatchResult> {
    const [loss, right, penalty] = await this.#row.data();
    return { loss, right, penalty };
  }
}

/** What means over batches are made from: sums over samples. */
export interface Sums {
  readonly samples: number;
  readonly loss: number;
  readonly right: number;
  readonly penalty: number;
}

/** Means over batches, each weighted by its samples. */
export class Means {
  #sum: Sums;

  constructor(sum: Sums = { samples: 0, loss: 0, right: 0, penalty: 0 }) {
    this.#sum = sum;
  }

  add({ loss, right, penalty }: BatchResult, samples: number): void {
    const sum = this.#sum;
    this.#sum = {
      samples: sum.samples + samples,
      loss: sum.loss + loss * samples,
      right: sum.right + right,
      penalty: sum.penalty + penalty * samples,
    };
  }

  get sums(): Sums {
    return this.#sum;
  }
  get penalty(): number {
    return this.#sum.penalty / this.#sum.samples;
  }
  get accuracy(): number {
    return this.#sum.right / this.#sum.samples;
  }
  /** Loss, and accuracy where the targets are class numbers. */
  evaluation(classifies: boolean): Evaluation {
    const loss = this.#sum.loss / this.#sum.samples;
    return classifies ? { loss, accuracy: this.accuracy } : { loss };
  }
}

/** Whether targets [samples] are the numbers of classes, for each of which the output has a score. */
export const areClasses = (output: Tensor, target: Tensor): boolean =>
  target.dtype !== "f32" && output.rank === 2 && target.rank === 1;

/**
 * How many samples have their largest score at the right class; of samples that belong to several classes, as mixed ones
 * do, the shares of that class.
 */
export function countRight(scores: Tensor, target: Tensor): Tensor {
  const best = scores.argmax(1);
  if (target.rank === 1) return best.eq(target).toFloat().sum();
  return isClass(best, scores.shape[1]).where(target, 0).sum();
}
