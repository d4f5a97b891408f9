import { concat, type Tensor, zeros } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";
import type { Evaluation } from "./reports.js";

/** What a batch came to. */
export interface BatchResult {
  /** Mean loss of its samples. */
  readonly loss: number;
  /** Samples put into the right class; 0 where the targets are not class numbers. */
  readonly right: number;
  /** What the regulariser added. */
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

/** Means over batches, each weighted by its samples. */
export class Means {
  #samples = 0;
  #loss = 0;
  #right = 0;
  #penalty = 0;

  add({ loss, right, penalty }: BatchResult, samples: number): void {
    this.#samples += samples;
    this.#loss += loss * samples;
    this.#right += right;
    this.#penalty += penalty * samples;
  }

  get samples(): number {
    return this.#samples;
  }
  get penalty(): number {
    return this.#penalty / this.#samples;
  }
  get accuracy(): number {
    return this.#right / this.#samples;
  }
  /** Loss, and accuracy where the targets are class numbers. */
  evaluation(classifies: boolean): Evaluation {
    const loss = this.#loss / this.#samples;
    return classifies ? { loss, accuracy: this.accuracy } : { loss };
  }
}

/** Whether targets [samples] are the numbers of classes, for each of which the output has a score. */
export const areClasses = (output: Tensor, target: Tensor): boolean =>
  target.dtype !== "f32" && output.rank === 2 && target.rank === 1;

/** How many samples have their largest score at the right class. */
export const countRight = (scores: Tensor, labels: Tensor): Tensor => scores.argmax(1).eq(labels).toFloat().sum();
