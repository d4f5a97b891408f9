// A graph for its nodes: the constants that it and the graphs around it have, and values computed from them.
import { type nn, type Tensor, TiduError } from "tidu";
import type { NDArray, Node } from "tidu/internal";
import type { GraphProto, NodeProto } from "../proto/schema.js";
import { stepOf, stepsOf } from "./build.js";
import { type Constant, collectConstants, folded, isTrainable } from "./constants.js";
import { evaluate } from "./known.js";
import { Members } from "./members.js";
import { run } from "./module.js";
import type { GraphNode, Inner, Variables } from "./node.js";
import type { GraphPlace, Model, Place } from "./place.js";

/** The most levels of nested graphs. */
const MOST_DEPTH = 16;

export class Scope implements GraphPlace {
  readonly #constants: Map<string, Constant>;
  readonly #types = new Map<string, number | undefined>();
  readonly #inputs: readonly string[];
  /** Nodes that depend on constants only, in the file's order. */
  readonly #foldable: NodeProto[] = [];
  readonly #follows = new Set<string>();
  readonly #folded = new Map<string, Constant | undefined>();

  constructor(
    readonly model: Model,
    readonly graph: GraphProto,
    private readonly outer?: Scope,
    private readonly depth = 0,
  ) {
    this.#constants = collectConstants(graph, model);
    this.#inputs = graph.input.map(({ name = "" }) => name);
    for (const { name = "", type } of [...graph.input, ...graph.output, ...graph.value_info]) {
      this.#types.set(name, type?.tensor_type?.elem_type);
    }
    for (const node of graph.node) {
      const inputs = node.input.filter((name) => name !== "");
      if (inputs.length === 0 || !inputs.every((name) => this.#follows.has(name) || this.given(name) !== undefined))
        continue;
      for (const name of node.output) if (!this.#constants.has(name)) this.#follows.add(name);
      this.#foldable.push(node);
    }
  }

  /** A value that the file gives. */
  given(name: string): Constant | undefined {
    return this.#constants.get(name) ?? this.#around(name)?.given(name);
  }

  /** A constant of the file, or a value computed from constants. */
  constant(name: string): Constant | undefined {
    const given = this.given(name);
    if (given !== undefined || name === "") return given;
    if (!this.#folded.has(name)) this.#folded.set(name, this.#tryToFold(name));
    return this.#folded.get(name) ?? this.#around(name)?.constant(name);
  }

  /** The graph around this one, for a name that is none of its own inputs. */
  #around(name: string): Scope | undefined {
    return this.#inputs.includes(name) ? undefined : this.outer;
  }

  type(name: string): number | undefined {
    return this.given(name)?.type ?? this.#types.get(name) ?? this.#around(name)?.type(name);
  }

  /** A value that the file gives, as nodes take it. */
  tensor(constant: Constant): Tensor {
    return this.model.members.tensor(constant);
  }

  layer<M extends nn.Module>(node: GraphNode, make: () => M, variables: Variables): M {
    return this.model.members.layer(node, make, variables);
  }

  inner(node: GraphNode, graph: GraphProto): Inner {
    if (this.depth >= MOST_DEPTH) node.refuse(`is nested in more than ${MOST_DEPTH} graphs`);
    const scope = new Scope(this.model, graph, this, this.depth + 1);
    const outputs = graph.output.map(({ name = "" }) => name);
    const steps = stepsOf(scope, outputs);
    const made = new Set(steps.flatMap((step) => step.outputs));
    const used = [...steps.flatMap(({ inputs }) => inputs.filter((x) => typeof x === "string")), ...outputs];
    const own = scope.#inputs;
    for (const name of own) made.add(name);
    const free = [...new Set(used)].filter((name) => !made.has(name) && scope.given(name) === undefined);
    return {
      captured: free,
      run: (captured, inputs = []) => {
        if (inputs.length !== own.length)
          node.damaged(`has a graph of ${own.length} inputs, and gives it ${inputs.length}`);
        const known = new Map<string, Tensor>();
        free.forEach((name, i) => known.set(name, captured[i]));
        own.forEach((name, i) => known.set(name, inputs[i]));
        for (const step of steps) run(step, known);
        return outputs.map((name) => {
          const constant = scope.given(name);
          return known.get(name) ?? (constant && scope.tensor(constant)) ?? node.damaged(`makes no ${name}`);
        });
      },
    };
  }

  /** Errors are thrown later, where the value is computed, with the node's name. */
  #tryToFold(name: string): Constant | undefined {
    try {
      return this.#fold(name);
    } catch (error) {
      if (error instanceof TiduError) return undefined;
      throw error;
    }
  }

  /** Computes a value whose nodes depend on constants only. */
  #fold(name: string): Constant | undefined {
    if (!this.#follows.has(name)) return undefined;
    const nodes = needed(this.#foldable, name);
    const constants = new Set(nodes.flatMap(({ input }) => input.map((x) => this.given(x) ?? [])).flat());
    const seeds = new Map<Node, NDArray>();
    for (const constant of constants) {
      const { fixed, numbers, shape } = constant.turnedFrom ?? constant;
      seeds.set(fixed.node, { shape, data: numbers });
    }
    // None of this is part of the network, so layers that arise are collected elsewhere.
    const members = new Members();
    const apart: Place = {
      model: { ...this.model, members },
      given: (x) => this.given(x),
      constant: (x) => this.given(x) ?? this.constant(x),
      type: (x) => this.type(x),
      tensor: ({ fixed }) => fixed,
      layer: (node, make, variables) => members.layer(node, make, variables),
      inner: (node) => node.refuse("computes a weight by a choice of graphs"),
    };
    const values = new Map<string, Tensor>();
    for (const node of nodes) run(stepOf(node, apart), values);
    const result = values.get(name);
    const elements = result && evaluate(result.node, seeds);
    if (result === undefined || elements === undefined) return undefined;
    const trained = [...constants].filter(isTrainable);
    return folded(name, elements, result.node, trained.length === 1 ? trained[0] : undefined);
  }
}

/** Of nodes in order, those that a value is made from. */
function needed(nodes: readonly NodeProto[], name: string): NodeProto[] {
  const wanted = new Set([name]);
  return [...nodes]
    .reverse()
    .filter(({ input, output }) => {
      const isNeeded = output.some((o) => wanted.has(o));
      if (isNeeded) for (const i of input) wanted.add(i);
      return isNeeded;
    })
    .reverse();
}
