// The metrics of an epoch, and the curve of its losses.
import type { EpochReport, StepReport } from "tidu";

/** The result of an epoch: a line of metrics.jsonl. */
export interface EpochMetrics extends EpochReport {
  /** Learning rate of its steps. */
  readonly lr?: number;
  /** Means of the loss over equal parts of the epoch, one after the other: a curve finer than one point. */
  readonly losses: readonly number[];
}

/** Points that an epoch's curve has at most. */
const POINTS = 32;

/** Sums of losses in each part that was begun, and how many they are. */
export type CurveState = readonly (readonly [part: number, sum: number, count: number])[];

/** Gathers an epoch's losses into the means of equal parts. */
export class EpochCurve {
  #parts = new Map<number, { sum: number; count: number }>();

  add({ step, steps = step, loss }: StepReport): void {
    const part = Math.floor(((step - 1) * POINTS) / Math.max(steps, POINTS));
    const { sum, count } = this.#parts.get(part) ?? { sum: 0, count: 0 };
    this.#parts.set(part, { sum: sum + loss, count: count + 1 });
  }

  /** The curve so far. */
  means(): number[] {
    return [...this.#parts.values()].map(({ sum, count }) => sum / count);
  }

  /** The curve so far, and begins the next. */
  take(): number[] {
    const means = this.means();
    this.#parts = new Map();
    return means;
  }

  /** The state needed to resume, as JSON values. */
  state(): CurveState {
    return [...this.#parts].map(([part, { sum, count }]) => [part, sum, count]);
  }

  static from(state: CurveState): EpochCurve {
    const curve = new EpochCurve();
    curve.#parts = new Map(state.map(([part, sum, count]) => [part, { sum, count }]));
    return curve;
  }
}
