// How far a call of `fit` has come, as a checkpoint holds it.
import type { HistoryMark } from "./history.js";
import { Means, type Sums } from "./metrics.js";
import type { EpochReport, Evaluation } from "./reports.js";

/** The progress of a call of `fit`, as JSON values and numbers that may not be finite. */
export interface ProgressState {
  /** Epochs begun before this call. */
  readonly before: number;
  /** Reports of the finished epochs; in a file those that are not in the history. */
  readonly reports: readonly EpochReport[];
  /** In a file: which reports of the history beside it come first. */
  readonly history?: HistoryMark;
  /** Finished steps of the current epoch, their sums and their time in seconds. */
  readonly step: number;
  readonly sums: Sums;
  readonly seconds: number;
  /** Learning rates: the one that schedules start from, the one at the start of the epoch, and the present one. */
  readonly firstRate: number;
  readonly epochRate: number;
  readonly rate: number;
}

/** The progress of a call of `fit`. */
export class Progress {
  readonly before: number;
  readonly firstRate: number;
  readonly reports: EpochReport[];
  /** The metric for schedules: the validation loss, or the training loss where there is none. */
  readonly measured: number[];
  epochRate: number;
  step: number;
  seconds: number;
  means: Means;

  constructor(state: Omit<ProgressState, "rate">) {
    this.before = state.before;
    this.firstRate = state.firstRate;
    this.reports = [...state.reports];
    this.measured = this.reports.map(lossOf);
    this.epochRate = state.epochRate;
    this.step = state.step;
    this.seconds = state.seconds;
    this.means = new Means(state.sums);
  }

  /** At the start of a call. */
  static start(before: number, rate: number): Progress {
    const { sums } = new Means();
    return new Progress({ before, reports: [], step: 0, sums, seconds: 0, firstRate: rate, epochRate: rate });
  }

  /** The current epoch, from 1, counted over all calls of `fit`. */
  get epoch(): number {
    return this.before + this.reports.length + 1;
  }

  /** The position, for messages. */
  get where(): string {
    return `epoch ${this.epoch}, step ${this.step}`;
  }

  /** The report of the current epoch. */
  report(classifies: boolean, penalized: boolean, validation: Evaluation | undefined): EpochReport {
    const { epoch, means, seconds } = this;
    const { penalty, samples } = means.sums;
    return {
      epoch,
      ...means.evaluation(classifies),
      ...(penalized && { penalty: penalty / samples }),
      ...(validation && { validation }),
      seconds,
      samplesPerSecond: samples / seconds,
    };
  }

  /** Ends the current epoch. */
  complete(report: EpochReport): void {
    this.reports.push(report);
    this.measured.push(lossOf(report));
    this.step = 0;
    this.seconds = 0;
    this.means = new Means();
  }
}

/** The progress, and the present learning rate. */
export function stateOf({ means, ...progress }: Progress, rate: number): ProgressState {
  const { before, reports, step, seconds, firstRate, epochRate } = progress;
  return { before, reports, step, sums: means.sums, seconds, firstRate, epochRate, rate };
}

const lossOf = ({ loss, validation }: EpochReport): number => validation?.loss ?? loss;

/** Whether a value read from a file is a state. */
export function isProgress(value: unknown): value is ProgressState {
  const { reports, history = { epochs: 0 }, sums, ...numbers } = (value ?? {}) as Partial<ProgressState>;
  const { before, step, seconds, firstRate, epochRate, rate } = numbers;
  return (
    Array.isArray(reports) &&
    reports.every((report) => typeof report?.epoch === "number" && typeof report?.loss === "number") &&
    [before, step, history?.epochs].every((n) => Number.isSafeInteger(n) && (n as number) >= 0) &&
    [seconds, firstRate, epochRate, rate].every((n) => typeof n === "number" && n >= 0) &&
    [sums?.samples, sums?.loss, sums?.right, sums?.penalty, ...Object.values(sums?.own ?? [""])].every(
      (n) => typeof n === "number",
    )
  );
}
