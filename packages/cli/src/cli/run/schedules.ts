// Learning rate schedules by the words of the command line.
import { optim } from "tidu";
import { parseSpec, type SpecOptions } from "./spec.js";

type Numbers = Readonly<Record<string, number>>;

/** A schedule that the command line knows. */
interface Choice {
  readonly options: SpecOptions;
  /** Whether it is drawn out over all epochs. */
  readonly spans?: true;
  /** Makes it for a number of epochs. */
  readonly make: (options: Numbers, epochs: number) => optim.Schedule;
}

const choices: Readonly<Record<string, Choice>> = {
  linear: {
    options: { to: "number" },
    spans: true,
    make: ({ to = 0 }, epochs) => optim.schedule.linear({ epochs, from: 1, to }),
  },
  cosine: {
    options: { min: "number" },
    spans: true,
    make: ({ min = 0 }, epochs) => optim.schedule.cosine({ epochs, min }),
  },
  step: {
    options: { every: "number", gamma: "number" },
    make: ({ every = 10, gamma = 0.1 }) => optim.schedule.step({ every, gamma }),
  },
  exponential: {
    options: { gamma: "number" },
    make: ({ gamma = 0.95 }) => optim.schedule.exponential({ gamma }),
  },
  warmup: {
    options: { epochs: "number", from: "number" },
    spans: true,
    make: ({ epochs: rise = 3, from = 0.1 }, epochs) =>
      optim.schedule.warmup({
        epochs: rise,
        from,
        next: optim.schedule.cosine({ epochs: Math.max(epochs - rise, 1) }),
      }),
  },
  plateau: {
    options: { factor: "number", patience: "number" },
    make: ({ factor = 0.1, patience = 10 }) => optim.schedule.reduceOnPlateau({ factor, patience }),
  },
};

const known = Object.fromEntries(Object.entries(choices).map(([name, { options }]) => [name, options]));

/** Whether another number of epochs would change the learning rates of those that are done. */
export const spansEpochs = (text: string): boolean => choices[parseSpec("schedule", text, known).name].spans === true;

/**
 * Makes a schedule from "cosine", "step:every=10,gamma=0.5" and the like, for a number of epochs.
 *
 * @throws ArgumentError for one that does not exist, or an option that is not its own.
 */
export function makeSchedule(text: string, epochs: number): optim.Schedule {
  const { name, options } = parseSpec("schedule", text, known);
  return choices[name].make(options as Numbers, epochs);
}
