import type { Node } from "tidu/internal";
import { rowOf } from "./layers.js";
import { operands, writeOperation } from "./operations.js";
import type { Traced } from "./trace.js";
import type { Values } from "./values.js";
import type { GraphWriter } from "./writer.js";

/** Writes everything that the output needs; returns the name of its value. `input` is the input's. */
export function writeNodes(traced: Traced, values: Values, graph: GraphWriter, input: string): string {
  const { order, layers, isInput, other, sizes, isBatch } = traced;
  const names = new Map<Node, string>();
  const name = (node: Node): string => {
    const known = names.get(node) ?? (isInput(node) ? input : values.name(node)) ?? write(node);
    names.set(node, known);
    return known;
  };
  const write = (node: Node): string => {
    const seen = layers.get(node);
    const row = seen && rowOf(seen.layer, graph.opset);
    if (seen === undefined || row === undefined) {
      return writeOperation(node, { graph, path: seen?.name ?? "", name, other, sizes, isBatch, input });
    }
    const place = { graph, path: seen.name, x: name(seen.input.node), shape: seen.input.shape };
    return row(seen.layer, { ...place, variable: (v) => values.of(v, seen.layer, seen.name) });
  };
  // Inputs before users, so that every input has a name already and recursion stays shallow.
  const needed = neededNodes(traced, values, graph.opset);
  for (const node of order) if (needed.has(node)) name(node);
  return name(traced.output);
}

/** The output, and all nodes that it is written from. */
function neededNodes({ order, isInput, other, output, layers }: Traced, values: Values, opset: number): Set<Node> {
  const needed = new Set([output]);
  for (const node of [...order].reverse()) {
    if (!needed.has(node) || isInput(node) || values.has(node)) continue;
    const seen = layers.get(node);
    const from =
      seen !== undefined && rowOf(seen.layer, opset) !== undefined ? [seen.input.node] : operands(node, other);
    for (const n of from) needed.add(n);
  }
  return needed;
}
