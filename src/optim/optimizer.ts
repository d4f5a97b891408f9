import { ArgumentError } from "../base/errors.js";
import { grad } from "../tensor/grad.js";
import { type Tensor, tensor, zeros } from "../tensor/tensor.js";
import { Variable } from "../tensor/variable.js";

/** Changes variables so that a cost falls. */
export abstract class Optimizer {
  readonly #rate: Variable;
  readonly #state = new Map<Variable, Map<string, Variable>>();
  #lr: number;

  constructor(lr: number) {
    if (!(lr >= 0) || !Number.isFinite(lr)) throw new ArgumentError(`lr is ${lr}; it must be a number of at least 0`);
    this.#lr = lr;
    this.#rate = new Variable(tensor(lr), "learning rate");
  }

  /** The learning rate; setting it takes effect in the next step, compiled or not. */
  get lr(): number {
    return this.#lr;
  }
  set lr(value: number) {
    if (value === this.#lr) return;
    this.#lr = value;
    this.#rate.assign(tensor(value));
  }

  /** The learning rate as a value of the step. */
  protected get rate(): Tensor {
    return this.#rate;
  }

  /** What the optimiser remembers of a variable: zeros at first. */
  protected memory(variable: Variable, name: string): Variable {
    let own = this.#state.get(variable);
    if (own === undefined) this.#state.set(variable, (own = new Map()));
    let value = own.get(name);
    if (value === undefined) own.set(name, (value = new Variable(zeros(variable.shape), name)));
    return value;
  }

  /** Everything that is remembered, by the names of the variables it belongs to. */
  state(names: ReadonlyMap<string, Variable>): Map<string, Variable> {
    const found = new Map<string, Variable>();
    for (const [name, variable] of names) {
      for (const [what, value] of this.#state.get(variable) ?? []) found.set(`${name}.${what}`, value);
    }
    return found;
  }

  /** The variable's next value, given its gradient. */
  protected abstract next(variable: Variable, gradient: Tensor): Tensor;

  /** One step: the gradient of `cost` by each variable, then an update of each. Returns the cost. */
  minimize(cost: Tensor, variables: readonly Variable[]): Tensor {
    this.step(variables, grad(cost, variables));
    return cost;
  }

  /** One step with gradients that are already known. */
  step(variables: readonly Variable[], gradients: readonly Tensor[]): void {
    const next = variables.map((v, i) => this.next(v, gradients[i]));
    for (let i = 0; i < next.length; i++) variables[i].assign(next[i]);
  }
}
