import { checkCount } from "../base/check.js";
import { ArgumentError } from "../base/errors.js";
import type { Compiled } from "../tensor/compile.js";
import { compile } from "../tensor/compile.js";
import { Generator, withGenerator } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";
import { Parameter } from "./parameter.js";
import { Moments, type Spread } from "./spread.js";
import { type Summary, summarize } from "./summary.js";

/** How `predict` asks for predictions under random dropout masks. */
export interface SampleOptions {
  readonly dropout: true;
  /** Random masks, each for one prediction. Default 100. */
  readonly samples?: number;
  /** Decides the masks. Default 0. */
  readonly seed?: number;
}

/**
 * Base of all layers and networks. A network of one's own extends it, holds layers and parameters in its fields
 * (single ones or lists), and says in `forward` what it computes; names in files follow the fields' names.
 */
export abstract class Module {
  /** Whether layers that differ between learning and use, such as dropout, behave as in learning. */
  training = true;
  #predict: Compiled<[Tensor], Tensor> | undefined;

  /** The output for a mini-batch whose first axis counts the samples. */
  abstract forward(x: Tensor): Tensor;

  /** How the layer was made, such as "linear(400, 120)". */
  toString(): string {
    return this.constructor.name;
  }

  /** The modules in this one's fields, by name. */
  children(): [name: string, module: Module][] {
    return this.#fields().filter((f): f is [string, Module] => f[1] instanceof Module);
  }

  /** This module's own variables, by name. */
  #ownVariables(): [string, Variable][] {
    return this.#fields().filter((f): f is [string, Variable] => f[1] instanceof Variable);
  }

  #fields(): [string, unknown][] {
    return Object.entries(this).flatMap(([name, value]): [string, unknown][] =>
      Array.isArray(value) ? value.map((v, i): [string, unknown] => [`${name}.${i}`, v]) : [[name, value]],
    );
  }

  /** All modules, this one first, by their path. */
  namedModules(path = ""): [path: string, module: Module][] {
    const below = this.children().flatMap(([name, m]) => m.namedModules(path === "" ? name : `${path}.${name}`));
    return [[path, this], ...below];
  }

  /** All variables — parameters, and buffers such as running means — by PyTorch's names, as in "0.weight". */
  state(): Map<string, Variable> {
    const state = new Map<string, Variable>();
    for (const [path, m] of this.namedModules()) {
      for (const [name, v] of m.#ownVariables()) state.set(path === "" ? name : `${path}.${name}`, v);
    }
    return state;
  }

  /** What training changes, by name. */
  namedParameters(): Map<string, Parameter> {
    return new Map([...this.state()].filter((e): e is [string, Parameter] => e[1] instanceof Parameter));
  }

  parameters(): Parameter[] {
    return [...this.namedParameters().values()];
  }

  /** Sets this module and all in it to learning (the default) or use. */
  train(training = true): this {
    for (const [, m] of this.namedModules()) m.training = training;
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /** Runs `body` with all modules learning or not, then puts back what was. */
  during<T>(training: boolean, body: () => T): T {
    const before = this.namedModules().map(([, m]) => [m, m.training] as const);
    this.train(training);
    try {
      return body();
    } finally {
      for (const [m, was] of before) m.training = was;
    }
  }

  /** Draws all parameters that nobody has set since from their initialisers again. Same seed, same bits. */
  initialize(seed: number): this {
    const generator = new Generator(seed);
    for (const p of this.parameters()) p.initialize(generator);
    return this;
  }

  /**
   * The outputs for a batch of inputs [samples, …], in use rather than learning: no dropout. Compiled once for each
   * shape.
   */
  predict(x: Tensor): Promise<Tensor>;
  /**
   * Mean and standard deviation of the outputs over random dropout masks: dropout read as an ensemble (Srivastava et al.,
   * JMLR 15, 2014; as a measure of doubt, Gal and Ghahramani, ICML 2016). Layers without parameters and buffers of their
   * own, such as dropout, behave as in learning, all others as in use. Same seed, same bits.
   *
   * @throws ArgumentError if `samples` is not a whole number of at least 1, or `seed` not a whole number.
   */
  predict(x: Tensor, options: SampleOptions): Promise<Spread>;
  predict(x: Tensor, options?: SampleOptions): Promise<Tensor | Spread> {
    if (options !== undefined) return this.#sample(x, options);
    this.#predict ??= compile((input: Tensor) => this.during(false, () => this.forward(input)));
    return this.#predict(x);
  }

  async #sample(x: Tensor, { dropout, samples = 100, seed = 0 }: SampleOptions): Promise<Spread> {
    if (dropout !== true)
      throw new ArgumentError(`predict: dropout is ${dropout}; it must be true, or no options given`);
    checkCount("predict", "samples", samples);
    const generator = new Generator(seed);
    // Stored even if nothing is random: what waits to be stored slows every later step.
    await generator.state.realize();
    const forward = (input: Tensor) =>
      this.during(false, () => {
        for (const [, m] of this.namedModules()) m.training = m.#ownVariables().length === 0;
        return this.forward(input);
      });
    const draw = compile((input: Tensor) => withGenerator(generator, () => forward(input)));
    const moments = new Moments();
    let y = x;
    for (let i = 0; i < samples; i++) {
      y = await draw(x);
      moments.add(await y.data());
    }
    return moments.spread(y.shape);
  }

  /**
   * Layers with their output shapes, parameter counts, and the memory of training.
   *
   * @param inputShape shape of one sample, without the batch axis.
   */
  summary(inputShape: readonly number[], options: { batchSize?: number } = {}): Summary {
    const batchSize = options.batchSize ?? 64;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ArgumentError(`summary: batchSize ${batchSize}; it must be a whole number of at least 1`);
    }
    return summarize(this, inputShape, batchSize);
  }
}
