// The base of all layers and networks.
import {
  callback,
  check,
  flag,
  instance,
  integer,
  options as optionsOf,
  refuse,
  text,
  whole,
  words,
} from "../base/check.js";
import { BRAND, COPY } from "../base/copy.js";
import { floatOf, isFloat } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import type { Compiled } from "../tensor/compile.js";
import { compile } from "../tensor/compile.js";
import { Generator, withGenerator } from "../tensor/random.js";
import { wideOps } from "../tensor/realizer.js";
import { checkTensor, Tensor } from "../tensor/tensor.js";
import { noteReplaced, Setting, tracing } from "../tensor/trace.js";
import { retype, Variable } from "../tensor/variable.js";
import { forwardIn } from "./forward.js";
import { noteModule, Parameter } from "./parameter.js";
import { Moments, type Spread } from "./spread.js";

/** Options of `predict` for predictions under random dropout masks. */
export interface SampleOptions {
  readonly dropout: true;
  /** Random masks, each for one prediction; at most a million. Default 100. */
  readonly samples?: number;
  /** The seed of the masks. Default 0. */
  readonly seed?: number;
}

/** What must be a layer or network. */
export const checkNet = (where: string, net: unknown, name = "net"): void =>
  check(where, name, net, instance(Module, "a layer or network"));

const UNCLONED = Symbol("a layer or network; send what await serialize(net) gives");

const SAMPLING = optionsOf({
  dropout: { ...flag, says: "true", ok: (v) => v === true, needed: true },
  samples: whole(1, 1e6),
  seed: integer,
});

/**
 * Base of all layers and networks. Your own network extends it, holds layers and parameters in its fields (single ones, or
 * lists, maps and plain records of them), and computes its output in `forward`. Names in files follow the fields' names.
 * Private fields (#name) cannot be read from outside: a parameter in one is an error when `predict` or a `Trainer` uses
 * the network. A training loop of your own trains the parameters that you pass to the optimizer.
 *
 * @example
 * ```ts
 * import { init, nn, type Tensor, tensor } from "tidu";
 *
 * class Scale extends nn.Module {
 *   readonly factor = new nn.Parameter([1], init.constant(2));
 *   forward(x: Tensor): Tensor {
 *     return x.mul(this.factor);
 *   }
 * }
 * console.log(await (await new Scale().predict(tensor([1, 2]))).array()); // [2, 4]
 * ```
 */
export abstract class Module {
  readonly #training = new Setting(true);
  readonly #trainable = new Setting(true);
  #predict: Compiled<Tensor[], Tensor> | undefined;
  /**
   * @internal A symbol, so that structured cloning and postMessage throw instead of making a copy that does not work.
   * Their error shows the symbol's text.
   */
  readonly structuredClone = UNCLONED;

  constructor() {
    noteModule(this);
  }

  /** The output for a mini-batch whose first axis counts the samples; several inputs where the network takes several. */
  abstract forward(...inputs: Tensor[]): Tensor;

  /** @internal */
  get [BRAND](): object {
    return COPY;
  }

  /**
   * Refuses to be written as JSON.
   *
   * @throws ArgumentError: a network is written by `save`.
   */
  toJSON(): never {
    return refuse("JSON", "a value", this, "what JSON can hold; write a network by save or serialize");
  }

  /** How the layer was made, such as "linear(400, 120)". */
  toString(): string {
    return this.constructor.name;
  }

  /** Whether layers that differ between training and inference, such as dropout, behave as in training. Default true. */
  get training(): boolean {
    return this.#training.value;
  }
  set training(training: boolean) {
    check("training", "training", training, flag);
    this.#training.value = training;
  }

  /**
   * Whether training changes the module. Setting it sets all modules and variables inside. If false, optimizers leave
   * its parameters alone, weight decay and regularizers included, and batch normalization uses its running mean and
   * variance without changing them, as at inference. Default true.
   */
  get trainable(): boolean {
    return this.#trainable.value;
  }
  set trainable(trainable: boolean) {
    check("trainable", "trainable", trainable, flag);
    for (const [, m] of this.namedModules()) {
      m.#trainable.value = trainable;
      for (const [, v] of m.#ownVariables()) v.trainable = trainable;
    }
  }

  /** Makes training leave the module unchanged: `trainable = false`. */
  freeze(): this {
    this.trainable = false;
    return this;
  }

  /** The modules in this one's fields, by name. */
  children(): [name: string, module: Module][] {
    return this.#fields().flatMap(({ name, value }) => (value instanceof Module ? [[name, value]] : []));
  }

  /** This module's own variables, by name. */
  #ownVariables(): [string, Variable][] {
    return this.#fields().flatMap(({ name, value }) => (value instanceof Variable ? [[name, value]] : []));
  }

  /** Modules and variables in the fields, and in lists, maps and plain records there. */
  #fields(): Field[] {
    const found: Field[] = [];
    const seen = new Set<unknown>();
    const trace = tracing();
    const visit = (holder: object, path: string, entries: Iterable<readonly [key: unknown, value: unknown]>): void => {
      for (const [key, value] of entries) {
        const name = `${path}${key}`;
        if (value instanceof Module || value instanceof Variable) {
          trace?.found(holder, key, value);
          found.push({ name, value, holder, key });
        } else if (isHolder(value) && !seen.has(value)) {
          seen.add(value);
          visit(value, `${name}.`, entriesOf(value));
        }
      }
    };
    visit(this, "", Object.entries(this));
    return found;
  }

  /**
   * Replaces a layer, such as the head: `net.replace("fc", nn.linear(512, 4))`. Make optimizers and trainers
   * afterwards. Compiled code is traced again.
   *
   * @param path as in `namedModules()`, such as "fc" or "layer4.0.conv1".
   * @throws ArgumentError if there is no layer at that path.
   */
  replace(path: string, layer: Module): this {
    check("replace", "path", path, text);
    checkNet("replace", layer, "layer");
    const all = this.namedModules();
    for (const [parent, m] of all) {
      for (const [name] of m.children()) {
        if ((parent === "" ? name : `${parent}.${name}`) !== path) continue;
        m.put(name, layer);
        noteReplaced();
        return this;
      }
    }
    return refuse("replace", "path", path, `one of ${all.flatMap(([name]) => name || []).join(", ")}`);
  }

  /** Replaces a child; the name is as in `children()`. */
  protected put(name: string, layer: Module): void {
    const { holder, key } = this.#fields().find((field) => field.name === name) ?? {};
    if (holder instanceof Map) holder.set(key, layer);
    else if (holder !== undefined) (holder as Record<string, unknown>)[key as string] = layer;
  }

  /** All modules, this one first, by their path; each once, under the first path that leads to it. */
  namedModules(): [path: string, module: Module][] {
    const paths = new Map<Module, string>();
    const visit = (path: string, module: Module): void => {
      if (paths.has(module)) return;
      paths.set(module, path);
      for (const [name, child] of module.children()) visit(path === "" ? name : `${path}.${name}`, child);
    };
    visit("", this);
    return [...paths].map(([module, path]) => [path, module]);
  }

  /**
   * All variables — parameters, and buffers such as running means — by PyTorch's names, as in "0.weight"; each once, under
   * the first name that leads to it.
   */
  state(): Map<string, Variable> {
    const names = new Map<Variable, string>();
    for (const [path, m] of this.namedModules()) {
      for (const [name, v] of m.#ownVariables())
        if (!names.has(v)) names.set(v, path === "" ? name : `${path}.${name}`);
    }
    const state = new Map<string, Variable>();
    for (const [v, name] of names) {
      if (state.has(name))
        throw new ArgumentError(
          `state: two variables are called "${name}"; give the fields or keys that lead to them other names`,
        );
      state.set(name, v);
    }
    return state;
  }

  /** The parameters, which training changes, by name. */
  namedParameters(): Map<string, Parameter> {
    return new Map([...this.state()].filter((e): e is [string, Parameter] => e[1] instanceof Parameter));
  }

  /** The parameters that training updates. */
  parameters(): Parameter[] {
    return [...this.namedParameters().values()];
  }

  /**
   * Stores all parameters as another float type. As "f16" or "bf16" they are rounded to the nearest and take two bytes each;
   * arithmetic converts them to f32. Meant for inference: optimizers refuse such parameters, since rounding loses small
   * updates. Buffers, such as running means, are no halves: they stay f32. "f32" does not restore what was rounded. As "f64",
   * which only `ReferenceDevice` stores, everything is computed and trained in float64.
   *
   * @throws DeviceError if the device in use does not store the type.
   */
  to(dtype: "f32" | "f16" | "bf16" | "f64"): this {
    check("to", "dtype", dtype, words("f32", "f16", "bf16", "f64"));
    wideOps(dtype, "to");
    for (const v of this.state().values())
      if (isFloat(v.dtype)) retype(v, v instanceof Parameter ? dtype : floatOf(dtype));
    return this;
  }

  /** Sets this module and all in it to training (the default) or inference. */
  train(training = true): this {
    check("train", "training", training, flag);
    for (const [, m] of this.namedModules()) m.training = training;
    return this;
  }

  /** Switches all modules to inference mode: `train(false)`. */
  eval(): this {
    return this.train(false);
  }

  /**
   * Runs `body` with all modules in training or inference mode, then restores their modes; for a promise, once it is
   * settled.
   */
  during<T>(training: boolean, body: () => T): T {
    check("during", "training", training, flag);
    check("during", "body", body, callback);
    const restore = this.namedModules().map(([, m]) => m.#training.override(training));
    const putBack = (): void => {
      for (const back of restore) back();
    };
    let goesOn = false;
    try {
      const result = body();
      if (!(result instanceof Promise)) return result;
      goesOn = true;
      return result.finally(putBack) as T;
    } finally {
      if (!goesOn) putBack();
    }
  }

  /** Draws all parameters from their initializers again, except those that were assigned since. Same seed, same bits. */
  initialize(seed: number): this {
    check("initialize", "seed", seed, integer);
    const generator = new Generator(seed);
    for (const p of this.parameters()) p.initialize(generator);
    return this;
  }

  /**
   * The outputs for a batch of inputs [samples, …], at inference: no dropout. Compiled once for each shape.
   *
   * @throws ArgumentError if the network uses a parameter that is not part of its `state()`.
   */
  predict(...inputs: Tensor[]): Promise<Tensor>;
  /**
   * Mean and standard deviation of the outputs over random dropout masks: dropout seen as an ensemble (Srivastava et
   * al., JMLR 15, 2014; as a measure of uncertainty, Gal and Ghahramani, ICML 2016). Layers without parameters and
   * buffers of their own, such as dropout, behave as in training, all others as at inference. Same seed, same bits.
   * If the network changes meanwhile, each prediction uses the present weights.
   *
   * @throws ArgumentError if `samples` is not a whole number from 1 to 1,000,000, or `seed` not a whole number.
   */
  predict(x: Tensor, options: SampleOptions): Promise<Spread>;
  predict(...given: (Tensor | SampleOptions)[]): Promise<Tensor | Spread> {
    const options = given.length > 1 && !(given.at(-1) instanceof Tensor) ? (given.pop() as SampleOptions) : undefined;
    const inputs = given as Tensor[];
    inputs.forEach((x, i) => void checkTensor("predict", i === 0 ? "x" : `input ${i}`, x));
    if (options !== undefined) return this.#sample(inputs, options);
    this.#predict ??= compile((...x: Tensor[]) => forwardIn(this, false, x));
    return this.#predict(...inputs);
  }

  async #sample(inputs: Tensor[], options: SampleOptions): Promise<Spread> {
    check("predict", "options", options, SAMPLING);
    const { samples = 100, seed = 0 } = options;
    const generator = new Generator(seed);
    const forward = (x: Tensor[]) =>
      this.during(false, () => {
        for (const [, m] of this.namedModules()) m.training = m.#ownVariables().length === 0;
        return this.forward(...x);
      });
    const draw = compile((...x: Tensor[]) => withGenerator(generator, () => forward(x)));
    const moments = new Moments();
    let y = await draw(...inputs);
    for (let i = 0; i < samples; i++) {
      if (i > 0) y = await draw(...inputs);
      moments.add(await y.data());
    }
    return moments.spread(y);
  }
}

/** For a class without `forward`, in JavaScript. */
Module.prototype.forward = function (): never {
  return refuse(this.constructor.name, "forward", undefined, "a method that gives the output for a batch");
};

/** A module or variable in a field, its name, and the object that holds it. */
interface Field {
  readonly name: string;
  readonly value: Module | Variable;
  readonly holder: object;
  readonly key: unknown;
}

const isHolder = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The entries of a list, a map or a plain record, by name; none of anything else. */
function entriesOf(value: object): Iterable<readonly [name: unknown, item: unknown]> {
  if (Array.isArray(value) || value instanceof Map) return value.entries();
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : [];
}
