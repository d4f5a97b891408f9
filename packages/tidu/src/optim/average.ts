// Optimizers that keep an average of the weights along the way of another optimizer.
import {
  callback,
  check,
  checkOptions,
  instance,
  listOf,
  needed,
  oneOrMore,
  options as record,
  share,
  whole,
} from "../base/check.js";
import { ArgumentError } from "../base/errors.js";
import { full, type Tensor } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";
import { type CommonOptions, Optimizer, type OptimizerOptions, replaced } from "./optimizer.js";

/** The share of the new weights in the average, given the number of steps so far, the current one included. */
type Share = (steps: Tensor) => Tensor;

const VARIABLES = listOf(instance(Variable, "a variable"), "a list of variables, such as net.parameters()");

/**
 * An optimizer that lets another one make the steps, and keeps an average of each variable. The averages are part of
 * its `state`, so that checkpoints have them. Made by `ema` and `swa`.
 */
export class Averaging extends Optimizer {
  readonly #inner: Optimizer;
  readonly #own: Readonly<Record<string, number>>;
  readonly #share: Share;
  /** Steps before weights enter the average. */
  readonly #first: number;

  /** @internal */
  constructor(name: string, inner: Optimizer, own: Readonly<Record<string, number>>, first: number, share: Share) {
    super(`${name} of ${inner.name}`, { lr: inner.lr });
    this.#inner = inner;
    this.#own = own;
    this.#first = first;
    this.#share = share;
  }

  override get options(): OptimizerOptions<CommonOptions> {
    return { ...this.#inner.options, ...this.#own };
  }

  override get lr(): number {
    return this.#inner.lr;
  }
  override set lr(value: number) {
    this.#inner.lr = value;
  }

  /** The state of both. */
  override state(names: ReadonlyMap<string, Variable>): Map<string, Variable> {
    return new Map([...this.#inner.state(names), ...super.state(names)]);
  }

  override minimize(cost: Tensor, variables: readonly Variable[]): Tensor {
    this.#inner.minimize(cost, variables);
    this.#update(variables);
    return cost;
  }

  override step(variables: readonly Variable[], gradients: readonly Tensor[]): void {
    this.#inner.step(variables, gradients);
    this.#update(variables);
  }

  #update(variables: readonly Variable[]): void {
    for (const variable of new Set(variables)) {
      const counter = this.memory(variable, "steps", []);
      const part = this.#share(replaced(counter, counter.add(1)));
      const average = this.memory(variable, "average");
      average.assign(average.add(variable.sub(average).mul(part)));
    }
  }

  /** The other optimizer makes the steps, so this is never called. */
  protected override next({ variable }: { readonly variable: Variable }): Tensor {
    return variable;
  }

  /**
   * Gives variables their averages. Running means and variances of batch normalization are not averaged and stay as
   * they are. It takes effect at the call: steps that are called later start from the averages, awaited or not.
   *
   * @throws ArgumentError for variables that have no average yet; all then keep their values.
   */
  async apply(variables: readonly Variable[]): Promise<void> {
    check("apply", "variables", variables, VARIABLES);
    // All is asked for before the first wait, so that calls take effect in their order.
    const least = variables.reduce((few, v) => few.minimum(this.memory(v, "steps", [])), full([], 2 ** 30));
    const made = least.item();
    const next = variables.map((v) => least.ge(this.#first).where(this.memory(v, "average"), v));
    variables.forEach((v, i) => void v.assign(next[i]));
    const few = await made;
    if (few < this.#first)
      throw new ArgumentError(
        `apply: ${this.name} has made ${few} steps, and averages from step ${this.#first} on; train for longer`,
      );
  }

  /**
   * Runs `body`, such as an evaluation, while variables have their averages; then restores their values. Nothing may
   * change them in the meantime, so await it before the next step.
   *
   * @throws ArgumentError as `apply`, or if they were changed before `body` ended; they then have their values from
   *   before the call.
   */
  async during<T>(variables: readonly Variable[], body: () => T | Promise<T>): Promise<T> {
    check("during", "variables", variables, VARIABLES);
    check("during", "body", body, callback);
    const own = variables.map((v) => v.detach());
    const applied = this.apply(variables);
    const given = variables.map((v) => v.node);
    let result: T;
    let changed = false;
    try {
      await applied;
      result = await body();
    } finally {
      changed = variables.some((v, i) => v.node !== given[i]);
      variables.forEach((v, i) => void v.assign(own[i]));
    }
    if (changed)
      throw new ArgumentError(
        "during: the variables were changed before body ended; await during before the next step",
      );
    return result;
  }
}

/** Options of `ema`. */
export interface EmaOptions {
  /** Share of the old average that each step keeps, at least 0 and below 1. Default 0.999. */
  readonly decay?: number;
}

/** Options of `swa`. */
export interface SwaOptions {
  /** The first step whose weights are averaged, from 1. */
  readonly start: number;
  /** Steps from one averaged set of weights to the next. Default 1. */
  readonly every?: number;
}

const AN_OPTIMIZER = instance(Optimizer, "an optimizer, such as optim.adam({ lr: 1e-3 })");

/**
 * An optimizer with an exponential moving average: average ← decay · average + (1 - decay) · w after each step, the first
 * being w (Polyak and Juditsky, 1992): `const o = optim.ema(optim.adam({ lr: 1e-3 }))`, and after training
 * `await o.apply(net.parameters())`.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]));
 * const optimizer = optim.ema(optim.sgd({ lr: 0.1 }));
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]));
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export function ema(optimizer: Optimizer, options: EmaOptions = {}): Averaging {
  check("ema", "optimizer", optimizer, AN_OPTIMIZER);
  checkOptions("ema", options, { decay: share });
  const { decay = 0.999 } = options;
  return new Averaging("ema", optimizer, { decay }, 1, (steps) => steps.gt(1).where(1 - decay, 1));
}

/**
 * An optimizer with the plain average of the weights after step `start` and every `every` steps from then on (Izmailov
 * et al., UAI 2018: stochastic weight averaging); used like `ema`.
 *
 * @example
 * ```ts
 * import { compile, optim, tensor, Variable } from "tidu";
 *
 * const w = new Variable(tensor([[1, 2]]));
 * const optimizer = optim.swa(optim.sgd({ lr: 0.1 }), { start: 1 });
 * const step = compile(() => optimizer.minimize(w.square().sum(), [w]));
 * console.log((await (await step()).item()) > (await (await step()).item())); // true
 * ```
 */
export function swa(optimizer: Optimizer, options: SwaOptions): Averaging {
  check("swa", "optimizer", optimizer, AN_OPTIMIZER);
  check("swa", "options", options, record({ start: needed(oneOrMore), every: whole(1, 1e6) }));
  const { start, every = 1 } = options;
  return new Averaging("swa", optimizer, { start, every }, start, (steps) => {
    const since = steps.sub(start);
    const count = since.div(every).floor();
    // Before the start counts are negative.
    return since.eq(count.mul(every)).where(count.relu().add(1).pow(-1), 0).mul(since.ge(0).toFloat());
  });
}
