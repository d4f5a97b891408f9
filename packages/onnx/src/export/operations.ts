// How operations of the graph are written as ONNX's: those between layers, and those of layers without a row.
import { UnsupportedError } from "tidu";
import {
  type AffineMap,
  broadcastMap,
  broadcastShapes,
  isFull,
  isIndex,
  type Node,
  type NodeOf,
  type Shape,
  sameShape,
  sizeOf,
} from "tidu/internal";
import { called } from "./called.js";
import { ELEMENTWISE, whereOfBools } from "./elementwise.js";
import { writeView } from "./views.js";
import { type GraphWriter, int, string } from "./writer.js";

/** What is known where an operation is written. */
export interface Site {
  readonly graph: GraphWriter;
  /** Path of the layer whose output this is, if it is one's; else "". */
  readonly path: string;
  /** The name of a node's value. */
  name(node: Node): string;
  /** The same node in the trace with another number of samples. */
  readonly other: Other;
  /** A node's shape, with -1 where the batch decides. */
  sizes(node: Node): number[];
  /** Whether an axis is exactly as long as the batch. */
  isBatch(node: Node, axis: number): boolean;
  /** Name of the network's input. */
  readonly input: string;
}

type Other = (node: Node) => Node;

/** The nodes whose values an operation is written from. */
export const operands = (node: Node, other: Other): readonly Node[] =>
  node.kind === "elementwise"
    ? node.inputs.map((n) => unstretched(n, other)).filter((n) => !isFull(n))
    : node.kind === "gather"
      ? [node.inputs[0], rowsOf(node)]
      : node.kind === "contract"
        ? node.inputs.map((n) => (isTurned(n) ? n.inputs[0] : n))
        : isStretch(node, other)
          ? node.inputs.filter((n) => !isNumberEverywhere(n))
          : node.inputs;

/** Whether a node is a transposed matrix: an equation reads it where it is, so that weights keep their names and forms. */
const isTurned = (node: Node): boolean => {
  if (node.kind !== "view" || node.shape.length !== 2) return false;
  const { offset, coef } = node.attrs;
  return String(offset) === "0,0" && String(coef) === "0,1,1,0";
};

/** The rows of a gather as ONNX takes them, which counts negative ones from the end itself: r of `r < 0 ? r + size : r`. */
function rowsOf({ inputs: [x, given], attrs }: Node<"gather">): Node {
  const rows = given.op.name === "within" ? given.inputs[0] : given;
  if (rows.op.name !== "where") return given;
  const [isNegative, moved, own] = rows.inputs;
  const isIt =
    isNegative.op.name === "intLt" &&
    isNegative.inputs[0] === own &&
    isNumber(isNegative.inputs[1], 0) &&
    moved.op.name === "intAdd" &&
    moved.inputs[0] === own &&
    isNumber(moved.inputs[1], x.shape[attrs.axis]);
  return isIt ? own : given;
}

const isNumber = (node: Node, value: number): boolean => isFull(node) && node.attrs.value === value;

/** Whether a node is one number, which can be written anywhere. */
const isNumberEverywhere = (node: Node): node is Full => isFull(node) && (node.dtype === "f32" || node.dtype === "i32");
type Full = NodeOf<"source", { value: number }> & { readonly dtype: "f32" | "i32" };

/** ONNX stretches shapes itself, by the same rule. */
const unstretched = (node: Node, other: Other): Node => (isStretch(node, other) ? node.inputs[0] : node);

/** Whether a node repeats another along axes, for any number of samples. */
const isStretch = (node: Node, other: Other): boolean =>
  [node, other(node)].every((n) => n.kind === "view" && stretches(n.attrs));

function stretches({ domain, source, offset, coef }: AffineMap): boolean {
  const shift = domain.length - source.length;
  if (shift < 0 || source.some((size, s) => size !== 1 && size !== domain[s + shift])) return false;
  return offset.every((o) => o === 0) && coef.join("/") === broadcastMap(source, domain).coef.join("/");
}

/** Whether a view or a reshape moves nothing, for any number of samples. */
const changesNothing = (node: Node, other: Other): boolean =>
  [node, other(node)].every((n) => sameShape(n.shape, n.inputs[0].shape));

/** Writes the operation that makes a node; returns the name of its value. */
export function writeOperation(node: Node, site: Site): string {
  switch (node.kind) {
    case "source":
      return source(node, site);
    case "elementwise":
      return elementwise(node, site);
    case "view":
      return view(node, site);
    case "reshape":
      return reshape(node, site);
    case "reduce":
      return reduce(node, site);
    case "contract":
      return contract(node, site);
    case "gather":
      return gather(node, site);
    case "concat":
      return concat(node, site);
    default:
      return refuse(node);
  }
}

function refuse(node: Node): never {
  throw new UnsupportedError(
    `exportOnnx: the network has ${called(node)}, which cannot be written in ONNX; ${WAY_OUT}`,
  );
}

const WAY_OUT = "use a layer of nn in its place, or take it out of the network and compute it from the output";

function source(node: Node, site: Site): string {
  if (isIndex(node) && !site.sizes(node).includes(-1)) {
    return site.graph.constant({ dtype: "i32", shape: node.shape, data: counted(node) });
  }
  return isNumberEverywhere(node) ? expand(numberOf(node, site), node, site) : refuse(node);
}

const numberOf = (node: Full, { graph }: Site): string => graph.number(node.attrs.value, node.dtype);

const counted = (node: Node): Int32Array => Int32Array.from({ length: sizeOf(node.shape) }, (_, i) => i);

/** Repeats a value to a node's shape, some of whose sizes may be the batch's. */
function expand(name: string, node: Node, { graph, path, sizes, isBatch, input }: Site): string {
  const shape = sizes(node);
  if (!shape.includes(-1)) return graph.add("Expand", [name, graph.list(shape)], path);
  if (shape.some((size, axis) => size === -1 && !isBatch(node, axis))) return refuse(node);
  const batch = graph.count(input, path);
  const parts = shape.map((size) => (size === -1 ? batch : graph.list([size])));
  return graph.add("Expand", [name, graph.add("Concat", parts, path, { axis: int(0) })], path);
}

function elementwise(node: Node, site: Site): string {
  const isChoice = node.op.name === "where" && node.dtype === "bool";
  const words = isChoice ? whereOfBools : (ELEMENTWISE[node.op.name] ?? refuse(node));
  const inputs = node.inputs.map((n) => unstretched(n, site.other));
  const names = inputs.map((n) => (isNumberEverywhere(n) ? numberOf(n, site) : site.name(n)));
  const y = words(site.graph, names, site.path);
  const shape = inputs.reduce<Shape>((s, n) => broadcastShapes("export", s, isFull(n) ? [] : n.shape), []);
  return sameShape(shape, node.shape) ? y : expand(y, node, site);
}

function view(node: Node, site: Site): string {
  const [from] = node.inputs;
  const stretched = isStretch(node, site.other);
  if (stretched && isNumberEverywhere(from)) return expand(numberOf(from, site), node, site);
  const x = site.name(from);
  if (stretched) return changesNothing(node, site.other) ? x : expand(x, node, site);
  const maps = [node, site.other(node)].flatMap((n) => (n.kind === "view" ? [n.attrs] : []));
  return writeView(maps, x, site.graph, site.path) ?? refuse(node);
}

function reshape(node: Node, { graph, path, name, other, sizes }: Site): string {
  const [from] = node.inputs;
  if (changesNothing(node, other)) return name(from);
  const shape = sizes(node);
  if (shape.indexOf(-1) !== shape.lastIndexOf(-1)) return refuse(node);
  return graph.add("Reshape", [name(from), graph.list(shape)], path);
}

const REDUCTIONS: Readonly<Record<string, Parameters<GraphWriter["reduce"]>[0]>> = {
  sum: "ReduceSum",
  max: "ReduceMax",
  min: "ReduceMin",
  intSum: "ReduceSum",
  intMaxOf: "ReduceMax",
  intMinOf: "ReduceMin",
};

function reduce(node: Node<"reduce">, { graph, path, name }: Site): string {
  const { axes } = node.attrs;
  const word = REDUCTIONS[node.op.name] ?? refuse(node);
  return graph.reduce(word, name(node.inputs[0]), axes, path);
}

function contract(node: Node<"contract">, { graph, path, name }: Site): string {
  const { out, ...sides } = node.attrs;
  const [a, b] = [sides.a, sides.b].map((labels, k) => (isTurned(node.inputs[k]) ? labels.toReversed() : labels));
  const inputs = node.inputs.map((n) => name(isTurned(n) ? n.inputs[0] : n));
  if (isMatrixProduct(a, b, out)) return graph.add("MatMul", inputs, path);
  const letters = new Map([...new Set([...a, ...b])].map((label, i) => [label, String.fromCharCode(97 + i)]));
  const [x, y, z] = [a, b, out].map((labels) => labels.map((l) => letters.get(l)).join(""));
  return graph.add("Einsum", inputs, path, { equation: string(`${x},${y}->${z}`) });
}

/** [..., m, k] by [..., k, n], or by [k, n]. */
function isMatrixProduct(a: readonly string[], b: readonly string[], out: readonly string[]): boolean {
  const [m, k] = a.slice(-2);
  const [inner, n] = b.slice(-2);
  const lead = a.slice(0, -2);
  if (a.length < 2 || b.length < 2 || k !== inner || String(out) !== String([...lead, m, n])) return false;
  return b.length === 2 || String(b.slice(0, -2)) === String(lead);
}

function gather(node: Node<"gather">, { graph, path, name }: Site): string {
  return graph.add("Gather", [name(node.inputs[0]), name(rowsOf(node))], path, {
    axis: int(node.attrs.axis),
  });
}

function concat(node: Node<"concat">, { graph, path, name }: Site): string {
  const { axis } = node.attrs;
  return graph.add("Concat", node.inputs.map(name), path, { axis: int(axis) });
}
