// Simplifies the graph before anything else is decided.
import { compose, isIdentity, reshapeMap, staysInside } from "../base/affine.js";
import { sameShape } from "../base/shape.js";
import {
  detailOf,
  type Node,
  type Op,
  type OpKind,
  type Storage,
  topologicalOrder,
  withInputs,
} from "../graph/node.js";
import { awaited, full, isFull, isStorage, reshape, view } from "../graph/ops/index.js";
import { folded } from "./constants.js";
import type { Target } from "./target.js";

/** Elementwise ops of constants are constants; neutral operands fall away. */
const foldElementwise = (node: Node<"elementwise">): Node => {
  if (node.inputs.every(isFull)) {
    const value = folded(
      node.op,
      node.inputs.flatMap((x) => (isFull(x) ? [x.attrs] : [])),
      node.dtype,
    );
    if (value !== undefined) return full(value, node.shape, node.dtype);
  }
  const { identity } = node.op;
  if (identity !== undefined) {
    const [x, y] = node.inputs;
    const isNeutral = (operand: Node): boolean => isFull(operand) && Object.is(operand.attrs.value, identity.value);
    if (isNeutral(y)) return x;
    if (identity.side === "both" && isNeutral(x)) return y;
  }
  return node;
};

/** Views of views become one view; views that change nothing fall away. */
const foldView = (node: Node<"view">): Node => {
  const [x] = node.inputs;
  const map = node.attrs;
  if (isIdentity(map)) return x;
  if (isFull(x) && (staysInside(map) || Object.is(x.attrs.value, 0)))
    return full(x.attrs.value, node.shape, node.dtype);
  const both = x.kind === "view" ? compose(map, x.attrs) : undefined;
  return both === undefined ? node : foldView(view(x.inputs[0], both));
};

/** Reshapes of reshapes become one; those that merge no axes become views, and those that wait for something stay. */
const foldReshape = (node: Node): Node => {
  if (node.kind !== "reshape") return node;
  const [x] = node.inputs;
  const after = awaited(node);
  if (isFull(x)) return full(x.attrs.value, node.shape, node.dtype);
  if (x.kind === "reshape") return foldReshape(reshape(x.inputs[0], node.shape, after ?? awaited(x)));
  const same = sameShape(x.shape, node.shape);
  const [inner] = x.inputs;
  if (after !== undefined) return x.kind === "view" && same ? view(reshape(inner, inner.shape, after), x.attrs) : node;
  if (same) return x;
  const map = reshapeMap(x.shape, node.shape);
  return map === undefined ? node : foldView(view(x, map));
};

/** Loops are written out where a target has none, or where there is only one step. */
const writeOut: Rule<"part"> = (node, { loops }) => node.op.written(node, loops) ?? node;

/** Rewrites a node whose inputs are already simple; returns another node, or the same when there is nothing to gain. */
type Rule<K extends OpKind> = (node: Node<K>, target: Target) => Node;

const RULES: { readonly [K in OpKind]?: Rule<K> } = {
  part: writeOut,
  elementwise: foldElementwise,
  view: foldView,
  reshape: foldReshape,
};

const byKind = <K extends OpKind>(kind: K, node: Node<K>, target: Target): Node | undefined =>
  RULES[kind]?.(node, target);

/** A node by the rule of its kind, or else by rules that its op or that of an input brings. */
function rewritten(node: Node, target: Target): Node {
  const { rules }: Op = node.op;
  const next = byKind(node.kind, node, target) ?? rules?.own(node, target) ?? node;
  return next !== node ? next : (node.inputs.find((x) => x.op.rules?.user)?.op.rules?.user?.(node) ?? node);
}

/**
 * The first pass: the same values from fewer and simpler nodes. Equal nodes become one (unused ones are simply never
 * reached again), constants fold, views compose, and the transposes of views that gradients are full of become views,
 * sums and contractions.
 */
export function simplify(roots: readonly Node[], target: Target): Node[] {
  const done = new Map<Node, Node>();
  const known = new Map<string, Node>();
  const settle = (node: Node): Node => {
    const inputs = node.inputs.map((x) => done.get(x) ?? simplifyInto(x));
    const next = withInputs(node, inputs);
    const simpler = rewritten(next, target);
    if (simpler !== next) return simplifyInto(simpler);
    const key = structuralKey(next);
    const same = known.get(key);
    if (same !== undefined) return same;
    known.set(key, next);
    done.set(next, next);
    return next;
  };
  const simplifyInto = (root: Node): Node => {
    // Most new nodes are made of what is simple already.
    if (!done.has(root) && root.inputs.every((x) => done.has(x))) done.set(root, settle(root));
    else for (const node of topologicalOrder([root], done)) if (!done.has(node)) done.set(node, settle(node));
    return done.get(root) as Node;
  };
  return roots.map(simplifyInto);
}

const structuralKey = (node: Node): string => `${node.op.name}(${node.inputs.map((x) => x.id)})${detailOf(node)}`;

/** A text that is equal for two programs that differ only in which storages they touch, and those storages in order. */
export function signature(roots: readonly Node[], targets: readonly Storage[]): { key: string; storages: Storage[] } {
  const number = new Map<Node, number>();
  const places = new Map<Storage, number>();
  const storages: Storage[] = [];
  const place = (s: Storage): string => {
    let n = places.get(s);
    if (n === undefined) {
      n = storages.length;
      places.set(s, n);
      storages.push(s);
    }
    return `$${n}:${s.dtype}[${s.shape}]`;
  };
  const lines = topologicalOrder(roots).map((node, i) => {
    number.set(node, i);
    const detail = isStorage(node) ? place(node.attrs) : detailOf(node);
    return `${node.op.name}(${node.inputs.map((x) => number.get(x))})${detail}`;
  });
  const ends = roots.map((r, i) => `${number.get(r)}>${place(targets[i])}`);
  return { key: `${lines.join("\n")}\n${ends.join(",")}`, storages };
}
