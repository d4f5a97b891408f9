// The optimizers that `--optimizer` takes.
import { optim } from "tidu";
import { parseSpec, type SpecOptions } from "./spec.js";

/** An optimizer of the command line: its options, and their defaults. */
interface Choice {
  readonly lr: number;
  readonly defaults?: Readonly<Record<string, number>>;
  readonly options: SpecOptions;
  readonly make: (options: { lr: number; clipNorm?: number }) => optim.Optimizer;
}

const adam: SpecOptions = { eps: "number", weightDecay: "number", amsgrad: "flag" };

const choices: Readonly<Record<string, Choice>> = {
  sgd: {
    lr: 0.02,
    defaults: { momentum: 0.9 },
    options: { momentum: "number", dampening: "number", weightDecay: "number", nesterov: "flag" },
    make: optim.sgd,
  },
  adam: { lr: 0.001, options: adam, make: optim.adam },
  adamw: { lr: 0.001, options: adam, make: optim.adamw },
  rmsprop: {
    lr: 0.001,
    options: { alpha: "number", eps: "number", momentum: "number", weightDecay: "number", centered: "flag" },
    make: optim.rmsprop,
  },
};

const known = Object.fromEntries(Object.entries(choices).map(([name, { options }]) => [name, options]));

/** The default learning rate of an optimizer, such as "sgd:momentum=0.5". */
export const defaultRate = (text: string): number => choices[parseSpec("optimizer", text, known).name].lr;

/**
 * Makes an optimizer from "adam", "sgd:momentum=0.5,nesterov" and the like.
 *
 * @param clipNorm limit of the norm of all gradients together; undefined for none.
 * @throws ArgumentError for one that does not exist, or an option that is not its own.
 */
export function makeOptimizer(text: string, lr: number, clipNorm?: number): optim.Optimizer {
  const { name, options } = parseSpec("optimizer", text, known);
  return choices[name].make({ ...choices[name].defaults, ...options, lr, clipNorm });
}
