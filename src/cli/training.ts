import type { Dataset } from "../data/dataset.js";
import type { Module } from "../nn/module.js";
import type { EpochReport, StepReport } from "../train/reports.js";
import type { Trainer } from "../train/trainer.js";
import type { Config } from "./options.js";
import { createReporter } from "./ui/progress.js";

/** How a training went. */
export interface History {
  /** Loss of each step's batch. */
  readonly losses: readonly number[];
  readonly epochs: readonly EpochReport[];
}

/** The time that a step takes on average. What comes before an epoch's first, such as measuring, does not count. */
class Pace {
  #steps = 0;
  #seconds = 0;
  #last = 0;

  /** Seconds for one step, now that another is done; NaN while there is nothing to tell. */
  after(step: number): number {
    const now = performance.now();
    if (step > 1) {
      this.#seconds += (now - this.#last) / 1000;
      this.#steps++;
    }
    this.#last = now;
    return this.#seconds / this.#steps;
  }
}

/**
 * Trains and shows it on `stream`: a moving bar on a terminal, elsewhere one line for each epoch. The learning rate
 * falls in a straight line to 0.
 *
 * @param onEpoch called with each epoch's report.
 */
export async function train(
  trainer: Trainer,
  data: { train: Dataset; test: Dataset },
  config: Config,
  stream: NodeJS.WriteStream,
  onEpoch: (report: EpochReport, net: Module) => Promise<void>,
): Promise<History> {
  const { epochs, batchSize, lr } = config;
  const [losses, reports]: [number[], EpochReport[]] = [[], []];
  const reporter = createReporter(stream);
  const pace = new Pace();
  const onStep = (step: StepReport): void => {
    losses.push(step.loss);
    const left = epochs * step.steps - losses.length;
    trainer.optimizer.lr = (lr * left) / (epochs * step.steps);
    const seconds = pace.after(step.step);
    reporter.step({ ...step, epochs, samplesPerSecond: batchSize / seconds, secondsLeft: left * seconds });
  };
  try {
    for await (const report of trainer.fit(data.train, { epochs, batchSize, validation: data.test, onStep })) {
      const { validation, ...own } = report;
      reporter.epoch({ ...own, epochs, testLoss: validation?.loss, testAccuracy: validation?.accuracy });
      reports.push(report);
      await onEpoch(report, trainer.net);
    }
    return { losses, epochs: reports };
  } finally {
    reporter.close();
  }
}
