import { ArgumentError, nn, ShapeError, type Tensor } from "tidu";
import { type Constant, isTrainable } from "./constants.js";
import type { GraphNode, Variables } from "./node.js";

/** Collects what an imported network is made of: layers, and parameters that are no layer's. */
export class Members {
  /** By name in the network's state. */
  readonly all = new Map<string, nn.Module | nn.Parameter>();
  readonly #layers = new Map<string, nn.Module>();
  readonly #parameters = new Map<Constant, nn.Parameter>();

  readonly #numbers = new Map<Constant, number>();

  /** A value that the file gives as a tensor, which is a parameter if it is an initializer of real numbers in a list. */
  tensor(constant: Constant): Tensor {
    if (constant.turnedFrom !== undefined) return this.tensor(constant.turnedFrom).transpose();
    const { shape } = constant;
    if (!isTrainable(constant) || shape.includes(0)) return constant.fixed;
    const known = this.#parameters.get(constant);
    if (known !== undefined) return known;
    const value = constant.value();
    const parameter = new nn.Parameter(shape, () => value, shape.length > 1);
    this.#parameters.set(constant, parameter);
    this.#add(constant.name, parameter);
    return parameter;
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
      if (!constant.isFloat) node.refuse(`has the ${field} ${JSON.stringify(constant.name)} in whole numbers`);
      valid(node, () => state.get(field)?.assign(prepare(constant.value())));
    }
    this.#layers.set(key, layer);
    this.#add(layerName(node, given), layer);
    return layer;
  }

  /** Tells constants apart; subgraphs may give theirs the same names. */
  #number(constant: Constant): number {
    const known = this.#numbers.get(constant) ?? this.#numbers.size;
    this.#numbers.set(constant, known);
    return known;
  }

  #add(name: string, member: nn.Module | nn.Parameter): void {
    let free = name;
    for (let n = 1; this.all.has(free); n++) free = `${name}_${n}`;
    this.all.set(free, member);
  }
}

/** What a layer refuses is a fault of the node that it is made from. */
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
