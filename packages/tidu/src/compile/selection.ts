// Leaves out the computation of dropped units.
import type { AffineMap } from "../base/affine.js";
import type { Shape } from "../base/shape.js";
import { makeNode, type Node, type NodeOf, type Op } from "../graph/node.js";
import { contract, full, type Gather, gatherOp, isFull, view } from "../graph/ops/index.js";

/*
 * Dropping whole units leaves rows of zeros, and computing with zeros is a waste. A selection is a gather whose inverse
 * is known; taking the kept rows is called a pick here, putting them back among zeros a place. Picks move towards the
 * inputs and places towards the results, through elementwise ops, views, sums and contractions, until they meet and
 * cancel or reach a parameter. What is left multiplies kept rows and columns only. The op brings these rules with it, so
 * that bundles without it do not carry them.
 */
interface Selected extends Gather {
  /** Whether every row is known to exist: of a pick, not of a place. */
  readonly inside: boolean;
}
type Selection = NodeOf<"gather", Selected>;

/** A gather with a third input: for each row of x the one i that takes it, or -1. So the gradient is a selection, too. */
const selectionOp: Op<"gather", Selected> = {
  ...gatherOp,
  name: "selection",
  grad: ({ inputs: [, rows, inverse], attrs: { axis, inside } }, dy) => [selection(dy, inverse, rows, axis, !inside)],
  key: ({ axis, inside }) => `${axis}${inside}`,
  rules: { own: pushPick, user: pullPlace },
};

export const selection = (x: Node, rows: Node, inverse: Node, axis: number, inside: boolean): Node =>
  makeNode(selectionOp, [x, rows, inverse], { axis, inside });

const isSelection = (node: Node): node is Selection => node.op === selectionOp;
const isPick = (node: Node): node is Selection => isSelection(node) && node.attrs.inside;
const isPlace = (node: Node): node is Selection => isSelection(node) && !node.attrs.inside;

const resized = (shape: Shape, axis: number, size: number): number[] => shape.map((d, i) => (i === axis ? size : d));

/** The same selection of another value along another axis. */
function again(like: Selection, x: Node, axis: number): Node {
  const [, rows, inverse] = like.inputs;
  if (isFull(x) && (like.attrs.inside || x.attrs.value === 0)) {
    return full(x.attrs.value, resized(x.shape, axis, rows.shape[0]), x.dtype);
  }
  return selection(x, rows, inverse, axis, like.attrs.inside);
}

/** The opposite selection of another value: what a place put back, picked, or the other way round. */
function opposite(like: Selection, x: Node, axis: number): Node {
  const [source, rows, inverse] = like.inputs;
  if (isFull(x)) return full(x.attrs.value, resized(x.shape, axis, source.shape[like.attrs.axis]), x.dtype);
  return selection(x, inverse, rows, axis, !like.attrs.inside);
}

/** Moves a pick towards the inputs. */
function pushPick(node: Node): Node {
  if (!isPick(node)) return node;
  const [x, rows, inverse] = node.inputs;
  const { axis } = node.attrs;
  if (isPlace(x) && x.inputs[1] === inverse && x.inputs[2] === rows && x.attrs.axis === axis) return x.inputs[0];
  // Of two picks the one of the earlier axis comes first, so that equal ones are found equal.
  if (isPick(x) && x.attrs.axis > axis) return again(x, again(node, x.inputs[0], axis), x.attrs.axis);
  if (x.kind === "elementwise") {
    return makeNode(
      x.op,
      x.inputs.map((input) => again(node, input, axis)),
      x.attrs,
    );
  }
  if (x.kind === "view") return pickThroughView(node, x) ?? node;
  if (x.kind === "contract") return pickThroughContraction(node, x);
  return node;
}

/** The source axis that a view walks with one domain axis alone, -1 if it does not move with it, else undefined. */
function plainAxis({ coef, offset, domain, source }: AffineMap, axis: number): number | undefined {
  const moving = coef.flatMap((row, s) => (row[axis] === 0 ? [] : [s]));
  if (moving.length === 0) return -1;
  const [s] = moving;
  const alone = moving.length === 1 && coef[s].every((c, d) => c === (d === axis ? 1 : 0));
  return alone && offset[s] === 0 && source[s] === domain[axis] ? s : undefined;
}

function pickThroughView(pick: Selection, x: Node<"view">): Node | undefined {
  const { axis } = pick.attrs;
  const source = plainAxis(x.attrs, axis);
  if (source === undefined) return undefined;
  const count = pick.shape[axis];
  const domain = resized(x.attrs.domain, axis, count);
  if (source < 0) return view(x.inputs[0], { ...x.attrs, domain });
  const inner = again(pick, x.inputs[0], source);
  return view(inner, { ...x.attrs, domain, source: resized(x.attrs.source, source, count) });
}

function pickThroughContraction(pick: Selection, x: Node<"contract">): Node {
  const label = x.attrs.out[pick.attrs.axis];
  const side = (input: Node, labels: readonly string[]) =>
    labels.includes(label) ? again(pick, input, labels.indexOf(label)) : input;
  return contract(side(x.inputs[0], x.attrs.a), side(x.inputs[1], x.attrs.b), x.attrs);
}

/** Moves a place among a node's inputs behind the node. */
function pullPlace(node: Node): Node {
  const place = node.inputs.find(isPlace);
  if (place === undefined) return node;
  if (node.kind === "elementwise") return placeAfterElementwise(node);
  if (node.kind === "view") return placeAfterView(node, place);
  if (node.kind === "contract") return placeAfterContraction(node, place);
  if (node.kind === "reduce") return placeAfterReduce(node, place);
  return node;
}

const sameSelection = (p: Selection, q: Selection): boolean =>
  p.attrs.axis === q.attrs.axis && p.inputs[1] === q.inputs[1] && p.inputs[2] === q.inputs[2];

function placeAfterElementwise(node: Node<"elementwise">): Node {
  const { zeroIf, scalar } = node.op;
  for (const set of zeroIf ?? []) {
    const place = set.map((i) => node.inputs[i]).find(isPlace);
    if (place === undefined) continue;
    const mine = (x: Node): x is Selection => isPlace(x) && sameSelection(x, place);
    const zero = (x: Node) => isFull(x) && x.attrs.value === 0;
    if (!set.every((i) => mine(node.inputs[i]) || zero(node.inputs[i]))) continue;
    // 0 / 0 is none.
    if (scalar(...node.inputs.map((x) => Number(!mine(x) && !zero(x)))) !== 0) continue;
    const { axis } = place.attrs;
    const kept = node.inputs.map((x) => (mine(x) ? x.inputs[0] : opposite(place, x, axis)));
    return again(place, makeNode(node.op, kept, node.attrs), axis);
  }
  return node;
}

function placeAfterView(node: Node<"view">, place: Selection): Node {
  const map = node.attrs;
  const axis = map.coef[place.attrs.axis].indexOf(1);
  if (axis < 0 || plainAxis(map, axis) !== place.attrs.axis) return node;
  const z = place.inputs[0];
  const count = z.shape[place.attrs.axis];
  const source = resized(map.source, place.attrs.axis, count);
  return again(place, view(z, { ...map, source, domain: resized(map.domain, axis, count) }), axis);
}

function placeAfterContraction(node: Node<"contract">, place: Selection): Node {
  const spec = node.attrs;
  const at = node.inputs.indexOf(place);
  const labels = [spec.a, spec.b];
  const label = labels[at][place.attrs.axis];
  const inputs = node.inputs.map((x, i) => {
    if (i === at) return place.inputs[0];
    const axis = labels[i].indexOf(label);
    if (axis < 0) return x;
    return isPlace(x) && x.attrs.axis === axis && sameRows(x, place) ? x.inputs[0] : opposite(place, x, axis);
  });
  const product = contract(inputs[0], inputs[1], spec);
  const out = spec.out.indexOf(label);
  return out < 0 ? product : again(place, product, out);
}

const sameRows = (p: Selection, q: Selection): boolean => p.inputs[1] === q.inputs[1] && p.inputs[2] === q.inputs[2];

function placeAfterReduce(node: Node<"reduce">, place: Selection): Node {
  const { axes } = node.attrs;
  const { axis } = place.attrs;
  // Zeros are neutral in a sum only.
  if (node.op.initial !== 0) return node;
  const reduced = makeNode(node.op, [place.inputs[0]], node.attrs);
  return axes.includes(axis) ? reduced : again(place, reduced, axis - axes.filter((a) => a < axis).length);
}
