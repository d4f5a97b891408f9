// Sums over views of contractions.
import { type AffineMap, affineMap, axisInside } from "../base/affine.js";
import type { Node } from "../graph/node.js";
import { contract, sumOp, view } from "../graph/ops/index.js";

/**
 * Sum over a view of a contraction = one contraction over views of its inputs. This is how the input gradient of a
 * convolution, which the chain rule writes as "multiply, then add the windows up", becomes one correlation.
 */
export function foldWindows(node: Node<"reduce">): Node {
  if (node.op !== sumOp) return node;
  const [windows] = node.inputs;
  if (windows.kind !== "view") return node;
  const map = windows.attrs;
  const [product] = windows.inputs;
  if (product.kind !== "contract") return node;
  const { axes } = node.attrs;
  const names = map.domain.map((_, d) => `w${d}`);
  const [a, aLabels] = throughMap(product.inputs[0], product.attrs.a, product.attrs.out, map, names, []);
  const [b, bLabels] = throughMap(product.inputs[1], product.attrs.b, product.attrs.out, map, names, product.attrs.a);
  // Every summed axis must run through both inputs; the zeros outside the view come from the inputs' own.
  const sharesAll = axes.every((d) => aLabels.includes(names[d]) && bLabels.includes(names[d]));
  const covered = names.every((n) => aLabels.includes(n) || bLabels.includes(n));
  if (!sharesAll || !covered) return node;
  return contract(a, b, { a: aLabels, b: bLabels, out: names.filter((_, d) => !axes.includes(d)) });
}

/**
 * Reads one input of a contraction at the output indices that a map gives; other labels stay as they are.
 *
 * @param guarded labels along which another input has the zeros outside the map.
 */
function throughMap(
  input: Node,
  labels: readonly string[],
  out: readonly string[],
  map: AffineMap,
  names: readonly string[],
  guarded: readonly string[],
): [Node, string[]] {
  const used = names.flatMap((_, d) =>
    labels.some((l) => out.includes(l) && map.coef[out.indexOf(l)][d] !== 0) ? [d] : [],
  );
  const rest = labels.filter((l) => !out.includes(l));
  const domain = [...used.map((d) => map.domain[d]), ...rest.map((l) => input.shape[labels.indexOf(l)])];
  const inner = affineMap(domain, input.shape, (axis) => {
    const l = labels[axis];
    if (!out.includes(l)) return { terms: [[used.length + rest.indexOf(l), 1]] };
    const s = out.indexOf(l);
    return { offset: map.offset[s], terms: used.map((d, i): [number, number] => [i, map.coef[s][d]]) };
  });
  // Where both inputs carry an axis, the first one's zeros are enough; the second must then not read outside.
  if (labels.some((l, axis) => guarded.includes(l) && !axisInside(inner, axis))) return [input, []];
  return [view(input, inner), [...used.map((d) => names[d]), ...rest.map((l) => `k${l}`)]];
}
