// What can be looked at from outside of a network, as a type.
import type { Tensor } from "../tensor/tensor.js";
import type { Variable } from "../tensor/variable.js";
import type { Parameter } from "./parameter.js";

/** The part of `Module` that is needed to look at a network from outside. */
export interface Layered {
  forward(...inputs: Tensor[]): Tensor;
  children(): [name: string, layer: Layered][];
  namedModules(): [path: string, layer: Layered][];
  state(): Map<string, Variable>;
  parameters(): Parameter[];
  namedParameters(): Map<string, Parameter>;
  during<T>(training: boolean, body: () => T): T;
}
