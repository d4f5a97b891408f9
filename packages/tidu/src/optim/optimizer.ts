// The base of optimizers: options, groups, state, steps.
import {
  options as all,
  check,
  type Fields,
  flag,
  instance,
  listOf,
  needed,
  notNegative,
  positive,
  refuseShape,
} from "../base/check.js";
import { copied } from "../base/copied.js";
import { floatOf, storeAs } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import { isHalf } from "../base/half.js";
import { formatShape, sameShape } from "../base/shape.js";
import { overwrite } from "../tensor/compile.js";
import { gradientsOf } from "../tensor/grad.js";
import { aTensor, checkTensor, Tensor, tensor, zeros } from "../tensor/tensor.js";
import { tracing } from "../tensor/trace.js";
import { Variable } from "../tensor/variable.js";
import { clipByNorm, clipByValue } from "./clip.js";

/** Options of every optimizer, for all variables or for a group. */
export interface CommonOptions {
  /** Learning rate, at least 0. */
  readonly lr: number;
  /** How strongly each step pulls values towards 0, at least 0. Default 0. */
  readonly weightDecay?: number;
  /** Climb instead of descend. Default false. */
  readonly maximize?: boolean;
}

/** Options for all variables, options of groups that override them, and changes to all gradients together. */
export type OptimizerOptions<O extends CommonOptions = CommonOptions> = O & {
  /** Variables with options of their own. A group's learning rate keeps its ratio to `lr` when that changes. */
  readonly groups?: readonly (Partial<O> & { readonly parameters: readonly Variable[] })[];
  /** Limit of the norm of all gradients together; see `clipByNorm`. Default none. */
  readonly clipNorm?: number;
  /** Limit of each element of the gradients; see `clipByValue`. Default none. */
  readonly clipValue?: number;
};

/** One variable's part in a step. */
export interface Step<O> {
  readonly variable: Variable;
  /** The direction in which the cost rises (with `maximize`, falls). */
  readonly gradient: Tensor;
  /** The variable's learning rate. */
  readonly rate: Tensor;
  readonly options: O;
}

const VARIABLES = listOf(instance(Variable, "a variable"), "a list of variables");

const NAMED = {
  says: "a map of variables by their names, such as net.state()",
  ok: (v: unknown) => v instanceof Map && [...v.values()].every((item) => item instanceof Variable),
};

/**
 * Changes variables so that a cost falls. Extend it to write your own optimizer; `next` returns a variable's next
 * value.
 *
 * @example
 * ```ts
 * import { optim, Variable, tensor, type Tensor } from "tidu";
 *
 * // Steps by the sign of the gradient alone.
 * class SignSgd extends optim.Optimizer {
 *   protected next({ variable, gradient, rate }: optim.Step<optim.CommonOptions>): Tensor {
 *     return variable.sub(gradient.sign().mul(rate));
 *   }
 * }
 * const weights = new Variable(tensor([1, -1]));
 * new SignSgd("signSgd", { lr: 0.5 }).minimize(weights.square().sum(), [weights]);
 * console.log(await weights.array()); // [0.5, -0.5]
 * ```
 */
export abstract class Optimizer<O extends CommonOptions = CommonOptions> {
  /** The learning rate as variables of a type need it, where compiled steps read it. */
  readonly #rates: { f32?: Tensor; f64?: Tensor } = {};
  readonly #options: OptimizerOptions<O>;
  readonly #groups = new Map<Variable, O>();
  readonly #state = new Map<Variable, Map<string, Variable>>();
  #lr: number;

  /**
   * @param name the name in errors.
   * @param own the allowed values of this optimizer's own options.
   * @param together throws ArgumentError where options contradict each other.
   */
  constructor(
    readonly name: string,
    options: OptimizerOptions<O>,
    own: Fields = {},
    together: (options: O) => void = () => {},
  ) {
    const common = { weightDecay: notNegative, maximize: flag, ...own };
    const group = { parameters: needed(listOf(instance(Variable, "a variable"))), lr: notNegative, ...common };
    check(
      name,
      "options",
      options,
      all({ lr: needed(notNegative), ...common, clipNorm: positive, clipValue: positive, groups: listOf(all(group)) }),
    );
    this.#options = copied(options);
    this.#lr = options.lr;
    together(this.#options);
    for (const group of this.#options.groups ?? []) together(this.#addGroup(group));
  }

  #addGroup(group: Partial<O> & { readonly parameters: readonly Variable[] }): O {
    const options = { ...this.#options, ...group };
    for (const p of group.parameters) {
      if (this.#groups.has(p)) throw new ArgumentError(`${this.name}: a parameter is in two groups; name it in one`);
      this.#groups.set(p, options);
    }
    if (options.lr !== 0 && this.#lr === 0) {
      throw new ArgumentError(
        `${this.name}: lr is 0 and a group's is ${options.lr}; leave the other parameters out instead`,
      );
    }
    return options;
  }

  /** The options that it was made with. */
  get options(): OptimizerOptions<O> {
    return this.#options;
  }

  /** The learning rate; setting it takes effect in the next step, compiled or not. */
  get lr(): number {
    return this.#lr;
  }
  set lr(value: number) {
    check(this.name, "lr", value, notNegative);
    this.#lr = value;
    // Also where it is the same number: the device that held it may be lost.
    for (const rate of Object.values(this.#rates)) overwrite(rate, storeAs(this.name, "lr", [value], rate.dtype));
  }

  /** The learning rate as a value of the step: a compiled step reads it each time. */
  #rateOf({ lr }: O, type: "f32" | "f64"): Tensor {
    const now = () => tensor(this.#lr, [], type);
    const rate = tracing() === undefined ? now() : (this.#rates[type] ??= now());
    return lr === this.#options.lr ? rate : rate.mul(lr / this.#options.lr);
  }

  /** A state of a variable: initially zeros, of the variable's shape by default. */
  protected memory(variable: Variable, name: string, shape = variable.shape): Variable {
    let own = this.#state.get(variable);
    if (own === undefined) this.#state.set(variable, (own = new Map()));
    let value = own.get(name);
    if (value === undefined) own.set(name, (value = new Variable(zeros(shape).to(floatOf(variable.dtype)), name)));
    return value;
  }

  /** Updates a running mean: keep · old + (1 - keep) · value. Returns the new one. */
  protected average(variable: Variable, name: string, value: Tensor, keep: number): Tensor {
    const mean = this.memory(variable, name, value.shape);
    return replaced(mean, mean.mul(keep).add(value.mul(1 - keep)));
  }

  /**
   * The optimizer's state, by the names of the variables that it belongs to. Empty until the first step: to restore
   * your own loop, first prepare its compiled step (`await step.prepare(…)`), which makes the state.
   */
  state(names: ReadonlyMap<string, Variable>): Map<string, Variable> {
    check("state", "names", names, NAMED);
    const found = new Map<string, Variable>();
    for (const [name, variable] of names) {
      for (const [what, value] of this.#state.get(variable) ?? []) found.set(`${name}.${what}`, value);
    }
    return found;
  }

  /** The variable's next value. */
  protected abstract next(step: Step<O>): Tensor;

  /**
   * One step: the gradient of `cost` with respect to each variable, then an update of each that is `trainable`. A
   * variable that is given twice counts once. Returns the cost.
   *
   * @throws ArgumentError if there is nothing to train, or for a variable that has been assigned since the cost was
   *   computed.
   */
  minimize(cost: Tensor, variables: readonly Variable[]): Tensor {
    checkTensor("minimize", "cost", cost);
    check("minimize", "variables", variables, VARIABLES);
    const all = [...new Set(variables)];
    const trained = all.filter((v) => v.trainable);
    this.#checkCount(all, trained);
    this.#checkTypes(trained);
    this.#update(trained, gradientsOf("minimize", cost, trained));
    return cost;
  }

  /**
   * One step with given gradients, one for each variable; variables that are not `trainable` stay.
   *
   * @throws ArgumentError if there is nothing to train, or for a variable that is given twice.
   */
  step(variables: readonly Variable[], gradients: readonly Tensor[]): void {
    check("step", "variables", variables, VARIABLES);
    check("step", "gradients", gradients, listOf(aTensor, `a list of ${variables.length} tensors`, variables.length));
    gradients.forEach((g, i) => {
      const { shape, dtype } = variables[i];
      if (g.dtype !== floatOf(dtype) || !sameShape(g.shape, shape))
        refuseShape("step", `gradients[${i}]`, g, `a tensor ${floatOf(dtype)} ${formatShape(shape)}, as its variable`);
    });
    const twice = variables.find((v, i) => variables.indexOf(v) !== i);
    if (twice !== undefined) {
      throw new ArgumentError(
        `${this.name}: step is given a variable ${formatShape(twice.shape)} twice; add up its gradients`,
      );
    }
    const trained = variables.filter((v) => v.trainable);
    this.#checkCount(variables, trained);
    this.#checkTypes(trained);
    this.#update(
      trained,
      gradients.filter((_, i) => variables[i].trainable),
    );
  }

  #checkCount(variables: readonly Variable[], trained: readonly Variable[]): void {
    if (trained.length > 0) return;
    throw new ArgumentError(
      variables.length === 0
        ? `${this.name}: there are no variables to train; give some, such as net.parameters()`
        : `${this.name}: all ${variables.length} variables are frozen; set trainable = true on one`,
    );
  }

  /** Halves are not trained: rounding would lose small updates. */
  #checkTypes(variables: readonly Variable[]): void {
    const half = variables.find((v) => isHalf(v.dtype));
    if (half === undefined) return;
    throw new ArgumentError(
      `${this.name}: a variable is ${half.dtype} ${formatShape(half.shape)}, which rounds small updates away; store it as f32, as net.to("f32") does, and use w.to("${half.dtype}") in forward`,
    );
  }

  #update(variables: readonly Variable[], gradients: readonly Tensor[]): void {
    const clipped = this.#clip(gradients);
    const next = variables.map((variable, i) => {
      const options = this.#groups.get(variable) ?? this.#options;
      const gradient = options.maximize ? clipped[i].neg() : clipped[i];
      return this.next({ variable, gradient, rate: this.#rateOf(options, floatOf(variable.dtype)), options });
    });
    for (let i = 0; i < next.length; i++) variables[i].assign(next[i]);
  }

  #clip(gradients: readonly Tensor[]): readonly Tensor[] {
    const { clipNorm, clipValue } = this.#options;
    const short = clipNorm === undefined ? gradients : clipByNorm(gradients, clipNorm);
    return clipValue === undefined ? short : clipByValue(short, clipValue);
  }
}

/** Assigns a value, and returns the variable's new value, which may differ where the step keeps the old one. */
export function replaced(variable: Variable, value: Tensor): Tensor {
  variable.assign(value);
  return new Tensor(variable.node);
}

/** The gradient of the cost with weightDecay / 2 · w² added to it. */
export const decayed = ({ variable, gradient, options: { weightDecay = 0 } }: Step<CommonOptions>): Tensor =>
  weightDecay === 0 ? gradient : gradient.add(variable.mul(weightDecay));
