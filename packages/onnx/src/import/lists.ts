import type { Tensor } from "tidu";
import { normalizeAxis } from "tidu/internal";
import { MOST_AXES } from "../proto/tensor.js";
import { knownOf } from "./known.js";
import type { GraphNode } from "./node.js";

/** The whole numbers in a tensor that says how a node works: a shape, axes. */
export function numbersIn(node: GraphNode, what: string, x: Tensor, most = MOST_AXES): number[] {
  const known = knownOf(x) ?? node.refuse(`has a value for ${what} that the network computes; it must be a constant`);
  if (known.data.length > most)
    node.damaged(`has ${known.data.length} numbers for ${what}; at most ${most} are allowed`);
  return [...known.data].map(Math.trunc);
}

/** Whole numbers that were an attribute in older versions of an operator, and are an input in newer ones. */
export function listOf(
  node: GraphNode,
  what: string,
  most = MOST_AXES,
): (given: Tensor | undefined) => readonly number[] | undefined {
  const attribute = node.ints(what);
  if (attribute !== undefined && attribute.length > most) node.damaged(`has ${attribute.length} numbers for ${what}`);
  return (given) => (given === undefined ? attribute : numbersIn(node, what, given, most));
}

/** The same for axes, which may count from the end. */
export function axesOf(node: GraphNode): (given: Tensor | undefined, rank: number) => number[] | undefined {
  const axes = listOf(node, "axes");
  return (given, rank) => axes(given)?.map((axis) => normalizeAxis("axes", axis, rank));
}
