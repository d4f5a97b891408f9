// From the nodes of a graph to steps that compute them.
import { UnsupportedError } from "tidu";
import { type NodeProto, readGraph } from "../proto/schema.js";
import type { Constant } from "./constants.js";
import type { Step } from "./module.js";
import { GraphNode } from "./node.js";
import type { GraphPlace, Place } from "./place.js";
import { ROWS } from "./rows/index.js";

export const isStandard = (domain = ""): boolean => domain === "" || domain === "ai.onnx";

/** The name of a node's type in the table of rows; ONNX's own operators go without a domain. */
const rowName = ({ op_type: op = "", domain = "" }: NodeProto): string => (isStandard(domain) ? op : `${domain}.${op}`);

/** The steps that make some values of a graph, in the file's order. */
export function stepsOf(scope: GraphPlace, outputs: readonly string[]): Step[] {
  const nodes = neededNodes(scope, outputs);
  checkTypes(nodes, scope.model.file);
  const steps = nodes.map((node) => stepOf(node, scope));
  // Nodes that only serve to compute weights are not steps of the network.
  const wanted = new Set(outputs);
  return steps
    .reverse()
    .filter((step) => {
      const isWanted = step.outputs.some((name) => wanted.has(name));
      if (isWanted) for (const x of step.inputs) if (typeof x === "string") wanted.add(x);
      if (!isWanted) for (const constant of step.constants) scope.model.members.release(constant);
      return isWanted;
    })
    .reverse();
}

/** The nodes that values are made from, in the file's order, without those that only give constants. */
function neededNodes(scope: GraphPlace, outputs: readonly string[]): NodeProto[] {
  const wanted = new Set(outputs);
  const { file } = scope.model;
  return [...scope.graph.node]
    .reverse()
    .filter((n) => {
      const isNeeded = n.output.some((name) => wanted.has(name) && scope.given(name) === undefined);
      if (isNeeded) for (const name of namesUsed(n, file, 0)) wanted.add(name);
      return isNeeded;
    })
    .reverse();
}

/** The names of the values that a node and the graphs in it use. */
function namesUsed({ input, attribute }: NodeProto, file: string, depth: number): string[] {
  const inner = attribute.flatMap(({ g }) => {
    if (g === undefined || depth > 16) return [];
    const { node, output } = readGraph(g, file);
    return [...node.flatMap((n) => namesUsed(n, file, depth + 1)), ...output.map(({ name = "" }) => name)];
  });
  return [...input, ...inner];
}

/** Refuses types of nodes that have no row, all of them at once. */
function checkTypes(nodes: readonly NodeProto[], file: string): void {
  const missing = nodes.filter((n) => !ROWS.has(rowName(n)));
  if (missing.length === 0) return;
  const [first] = missing;
  const types = [...new Set(missing.map(rowName))].map((name) => {
    const count = missing.filter((n) => rowName(n) === name).length;
    return count === 1 ? name : `${name} (${count} times)`;
  });
  throw new UnsupportedError(
    `${file}: byte ${first.at}: Tidu does not support ${types.length === 1 ? "the type of node" : "the types of nodes"} ` +
      `${types.join(", ")}; export the model without it, or choose an output before it (docs/models.md lists the supported types)`,
  );
}

export function stepOf(proto: NodeProto, place: Place): Step {
  const { file, opset } = place.model;
  const node = new GraphNode(proto, file, opset, place);
  const row = ROWS.get(rowName(proto)) ?? node.refuse("is of a type that Tidu does not support");
  const apply = row(node);
  node.checkAllRead();
  const constants: Constant[] = [];
  const find = (name: string, isSetting = false) => {
    const constant = place.given(name);
    if (constant === undefined) return name;
    if (isSetting) return constant.fixed;
    constants.push(constant);
    return place.tensor(constant);
  };
  const inputs = proto.input.map((name, i) =>
    name === "" || node.isTaken(i) ? undefined : find(name, node.isSetting(i)),
  );
  return {
    label: String(node),
    at: proto.at,
    op: node.op,
    layers: node.layers,
    apply,
    inputs: [...inputs, ...node.captured.map((name) => find(name))],
    outputs: proto.output.slice(0, node.results),
    constants,
    mayBeEmpty: (input) => node.mayBeEmpty(input),
  };
}
