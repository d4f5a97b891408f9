import { parseArgs } from "node:util";
import { ArgumentError } from "../base/errors.js";

/** What a run of the LeNet command is made of; it is saved beside the model. */
export interface Config {
  readonly epochs: number;
  readonly batchSize: number;
  /** Learning rate of the first step; it falls in a straight line to 0 after the last. */
  readonly lr: number;
  readonly momentum: number;
  readonly l2: number;
  readonly seed: number;
  /** Images to learn from: all, or the first so many. */
  readonly samples: number;
  /** Threads to compute on; undefined means one for each processor core. */
  readonly threads?: number;
}

/** Images that MNIST has to learn from. */
const ALL = 60_000;

export const USAGE = `npm start -- [options]     trains LeNet-5 on the handwritten digits of MNIST

  --epochs <n>       times that every image is visited (3)
  --batch-size <n>   images in a step (64)
  --lr <x>           learning rate of the first step; it falls in a straight line to 0 (0.02)
  --seed <n>         the same seed gives the same weights, bit for bit (1)
  --samples <n>      learn from the first n images only (${ALL})
  --threads <n>      threads to compute on (one for each processor core)
  --help             show this and stop`;

/**
 * Reads the command line's arguments.
 *
 * @returns undefined where help is asked for.
 * @throws ArgumentError, in one line, for an option that does not exist or a value out of range.
 */
export function readOptions(args: string[]): Config | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    epochs: whole("epochs", values.epochs, 1, 10_000),
    batchSize: whole("batch-size", values["batch-size"], 1, ALL),
    lr: rate("lr", values.lr),
    momentum: 0.9,
    l2: 1e-4,
    seed: whole("seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
    samples: whole("samples", values.samples, 1, ALL),
    threads: values.threads === undefined ? undefined : whole("threads", values.threads, 1, 64),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        epochs: { type: "string", default: "3" },
        "batch-size": { type: "string", default: "64" },
        lr: { type: "string", default: "0.02" },
        seed: { type: "string", default: "1" },
        samples: { type: "string", default: String(ALL) },
        threads: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    // Node's message may go on with advice about arguments that start with a dash.
    const [problem] = (error as Error).message.split(/\.(?:\s|$)/);
    throw new ArgumentError(`${problem}; --help shows all options`);
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new ArgumentError(`--${name} is "${text}"; it must be a whole number from ${least} to ${most}`);
}

function rate(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new ArgumentError(`--${name} is "${text}"; it must be a number above 0, such as 0.02`);
}
