import type { HistoryMark } from "./history.js";
import { Means, type Sums } from "./metrics.js";
import type { EpochReport, Evaluation } from "./reports.js";

/** How far a call of `fit` has come, in JSON's types and numbers that are not finite. */
export interface ProgressState {
  /** Epochs that were begun before this call. */
  readonly before: number;
  /** Reports of the epochs that are done; of a file those that are not in the history. */
  readonly reports: readonly EpochReport[];
  /** Of a file: which reports of the history beside it come first. */
  readonly history?: HistoryMark;
  /** Steps of the epoch under way that are done, their sums and their time in seconds. */
  readonly step: number;
  readonly sums: Sums;
  readonly seconds: number;
  /** Learning rates: that which schedules start from, that which the epoch started with, and that of now. */
  readonly firstRate: number;
  readonly epochRate: number;
  readonly rate: number;
}

/** How far a call of `fit` has come. */
export class Progress {
  readonly before: number;
  readonly firstRate: number;
  readonly reports: EpochReport[];
  /** What schedules look at: the validation loss, or the training loss where there is none. */
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

  /** The epoch under way, from 1, counted over all calls of `fit`. */
  get epoch(): number {
    return this.before + this.reports.length + 1;
  }

  /** Where it is, for people. */
  get where(): string {
    return `epoch ${this.epoch}, step ${this.step}`;
  }

  /** What the epoch under way has come to. */
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

  /** Ends the epoch under way. */
  complete(report: EpochReport): void {
    this.reports.push(report);
    this.measured.push(lossOf(report));
    this.step = 0;
    this.seconds = 0;
    this.means = new Means();
  }
}

/** How far it has come, and the learning rate of now. */
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
