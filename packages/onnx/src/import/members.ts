import { ArgumentError, nn, ShapeError, type Tensor } from "tidu";
import { type Constant, isTrainable } from "./constants.js";
import type { GraphNode, Variables } from "./node.js";

/** Collects the parts of an imported network: layers, and parameters that belong to no layer. */
export class Members {
  /** Each with the name that the file has for it. */
  readonly #parts = new Map<nn.Module | nn.Parameter, string>();
  readonly #layers = new Map<string, nn.Module>();
  readonly #parameters = new Map<Constant, nn.Parameter>();
  /** How many nodes take each parameter. */
  readonly #users = new Map<Constant, number>();

  readonly #numbers = new Map<Constant, number>();

  /** A value that the file gives as a tensor, which is a parameter if it is an initializer of real numbers in a list. */
  tensor(constant: Constant): Tensor {
    if (constant.turnedFrom !== undefined) return this.tensor(constant.turnedFrom).transpose();
    const { shape } = constant;
    if (!isTrainable(constant) || shape.includes(0)) return constant.fixed;
    this.#users.set(constant, (this.#users.get(constant) ?? 0) + 1);
    const known = this.#parameters.get(constant);
    if (known !== undefined) return known;
    const value = constant.value();
    const parameter = new nn.Parameter(shape, () => value, shape.length > 1);
    this.#parameters.set(constant, parameter);
    this.#parts.set(parameter, constant.name);
    return parameter;
  }

  /** A node that took a value is not a part of the network, nor is a parameter that no other takes. */
  release(constant: Constant): void {
    if (constant.turnedFrom !== undefined) return this.release(constant.turnedFrom);
    const users = (this.#users.get(constant) ?? 0) - 1;
    this.#users.set(constant, users);
    const parameter = this.#parameters.get(constant);
    if (users > 0 || parameter === undefined) return;
    this.#parameters.delete(constant);
    this.#parts.delete(parameter);
  }

  /** See `GraphNode.layer`. */
  layer<M extends nn.Module>(node: GraphNode, make: () => M, variables: Variables): M {
    const given = Object.entries(variables).flatMap(([field, from]) => {
      const [input, prepare] = typeof from === "number" ? [from, (x: Tensor) => x] : from;
      const constant = node.constant(input);
      return constant === undefined ? [] : [{ field, constant, prepare }];
    });
    const attributes = node.proto.attribute.map((a) => ({ ...a, at: 0, g: undefined }));
    const key = JSON.stringify([
      node.op,
      given.map(({ field, constant }) => [field, this.#number(constant)]),
      attributes,
    ]);
    const known = given.length > 0 ? this.#layers.get(key) : undefined;
    if (known !== undefined) return known as M;
    const layer = valid(node, make);
    const state = layer.state();
    for (const { field, constant, prepare } of given) {
      if (!constant.isFloat) node.refuse(`has whole numbers as ${field}, ${JSON.stringify(constant.name)}`);
      valid(node, () => state.get(field)?.assign(prepare(constant.value())));
    }
    this.#layers.set(key, layer);
    this.#parts.set(layer, layerName(node, given));
    return layer;
  }

  /** A number for each constant, since subgraphs may use the same names. */
  #number(constant: Constant): number {
    const known = this.#numbers.get(constant) ?? this.#numbers.size;
    this.#numbers.set(constant, known);
    return known;
  }

  /** All by name, another one where the network's state would have a name twice: two layers may share a bias. */
  get all(): Map<string, nn.Module | nn.Parameter> {
    const all = new Map<string, nn.Module | nn.Parameter>();
    const taken = new Set<string>();
    for (const [member, name] of this.#parts) {
      const own = member instanceof nn.Parameter ? [""] : [...member.state().keys()].map((field) => `.${field}`);
      let free = name;
      for (let n = 1; all.has(free) || own.some((end) => taken.has(free + end)); n++) free = `${name}_${n}`;
      all.set(free, member);
      for (const end of own) taken.add(free + end);
    }
    return all;
  }
}

/** An error of a layer is reported as a fault of its node. */
function valid<T>(node: GraphNode, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof ArgumentError || error instanceof ShapeError) node.damaged(`does not fit: ${error.message}`);
    throw error;
  }
}

/**
 * "0" for a layer whose weight is "0.weight", so that the network's state has the file's names; otherwise, or where a
 * layer has no weight, what the node's name has before its type: "0" for "/0/Relu".
 */
function layerName(node: GraphNode, variables: readonly { field: string; constant: Constant }[]): string {
  const stored = variables.filter(({ constant }) => constant.isInitializer);
  const prefixes = stored.map(({ field, constant: { name } }) => {
    if (name === field) return "";
    return name.endsWith(`.${field}`) ? name.slice(0, -field.length - 1) : undefined;
  });
  const [prefix] = prefixes;
  if (prefix !== undefined && prefixes.every((p) => p === prefix)) return prefix;
  const path = /^\/(.+)\/[^/]+$/.exec(node.proto.name ?? "")?.[1].replaceAll("/", ".");
  return path ?? (node.proto.name?.replace(/^\//, "") || node.op);
}
