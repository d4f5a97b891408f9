import type { StepReport, Trainer } from "tidu";
import type { Reporter } from "../ui/progress.js";
import type { RunConfig } from "./config.js";
import type { EpochMetrics } from "./metrics.js";
import { Pace } from "./pace.js";

/** Shows a training's steps and epochs, with its pace and, where a schedule changes it, the learning rate. */
export class Show {
  readonly #pace = new Pace();
  #last: StepReport | undefined;

  constructor(
    private readonly config: RunConfig,
    private readonly trainer: Trainer,
    private readonly reporter: Reporter,
  ) {}

  step(report: StepReport): void {
    this.#last = report;
    const { epochs, batchSize } = this.config.training;
    const { step, epoch, steps = step } = report;
    const seconds = this.#pace.after(step);
    this.reporter.step({
      ...report,
      epochs,
      steps,
      lr: this.#rate(),
      samplesPerSecond: batchSize / seconds,
      secondsLeft: ((epochs - epoch + 1) * steps - step) * seconds,
    });
  }

  epoch({ validation, measured: own, ...report }: EpochMetrics, name: string): void {
    const measured = validation && { name, ...validation };
    const { metric } = this.config.training;
    const score =
      metric === undefined || own === undefined ? undefined : { name: `${name} ${metric}`, value: Math.abs(own) };
    this.reporter.epoch({ ...report, score, epochs: this.config.training.epochs, measured, lr: this.#rate() });
  }

  /** Whether there was a step. */
  get begun(): boolean {
    return this.#last !== undefined;
  }

  /** Where training is. */
  get place(): string {
    return this.#last === undefined
      ? "before the first step"
      : `after step ${this.#last.step} of epoch ${this.#last.epoch}`;
  }

  #rate(): number | undefined {
    return this.config.training.schedule === undefined ? undefined : this.trainer.optimizer.lr;
  }
}
