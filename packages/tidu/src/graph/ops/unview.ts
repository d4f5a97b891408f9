// The transpose of a view, and the rules that turn it into reading: gradients are full of it, and what only predicts has none.
import { type AffineMap, affineMap, axisInside, isBijective, isIdentity } from "../../base/affine.js";
import { sameShape, sizeOf } from "../../base/shape.js";
import { type Limits, makeNode, misfit, type Node, type Op, type ReduceOp } from "../node.js";
import { contract } from "./contract.js";
import { mapKey, reshape, view } from "./movement.js";
import { byPhases, joinPhases } from "./phases.js";
import { reduce, sumOp } from "./reduce.js";

/** The transpose of `view`: `y = 0`, then `y[map(i)] += x[i]`. Where several i meet, they add up. */
export const unviewOp: Op<"unview"> = {
  name: "unview",
  kind: "unview",
  infer([x], map) {
    if (!sameShape(x.shape, map.domain)) misfit("unview", [x], String(map.domain));
    return { shape: map.source, dtype: x.dtype };
  },
  grad: (node, dy) => [view(dy, node.attrs)],
  key: mapKey,
  rules: { own: turnAround },
};

export const unview = (x: Node, map: AffineMap): Node => makeNode(unviewOp, [x], map);

/**
 * An unview adds x up into places. Reading is faster than writing, and fuses, so this turns it around where it can:
 * domain axes that move nothing are summed first; then, where each source index comes from few domain indices that
 * an affine map finds (the adjoint of a slice, a pad, a flip, a window), the sum over a view replaces it.
 */
function turnAround(node: Node<"unview">, { mostTerms }: Limits): Node {
  const [x] = node.inputs;
  const map = node.attrs;
  if (isIdentity(map)) return x;
  const idle = map.domain.flatMap((size, d) => (size > 1 && map.coef.every((row) => row[d] === 0) ? [d] : []));
  if (idle.length > 0) return unview(reduce(sumOp, x, idle), dropAxes(map, idle));
  const ones = map.domain.flatMap((size, d) => (size === 1 ? [d] : []));
  if (ones.length > 0) return unview(dropOnes(x), dropAxes(map, ones));
  const merges = map.coef.some((row) => row.filter((c) => c !== 0).length > 1);
  if (merges && isBijective(map)) return node;
  const phased = byPhases(map);
  if (phased === undefined) return solve(x, map, mostTerms) ?? node;
  const phases = solve(view(x, phased.split), phased.map, mostTerms);
  return phases === undefined ? node : joinPhases(phases, phased, map.source);
}

const dropOnes = (x: Node): Node =>
  reshape(
    x,
    x.shape.filter((d) => d > 1),
  );

const dropAxes = (map: AffineMap, axes: readonly number[]): AffineMap => {
  const keep = <T>(row: readonly T[]) => row.filter((_, d) => !axes.includes(d));
  return { ...map, domain: keep(map.domain), coef: map.coef.map(keep) };
};

/** Finds for each source axis the domain axis to solve for; the others of its terms are summed over. */
function solve(x: Node, map: AffineMap, mostTerms: number): Node | undefined {
  const solved: number[] = [];
  for (let s = 0; s < map.source.length; s++) {
    const terms = map.coef[s].flatMap((c, d) => (c === 0 ? [] : [{ c, d }]));
    const shared = terms.some(({ d }) => map.coef.some((row, t) => t !== s && row[d] !== 0));
    const units = terms.filter(({ c }) => Math.abs(c) === 1).sort((p, q) => map.domain[q.d] - map.domain[p.d]);
    if (shared || (terms.length > 0 && units.length === 0)) return undefined;
    solved.push(terms.length === 0 ? -1 : units[0].d);
  }
  const summed = map.domain.flatMap((_, d) => (solved.includes(d) ? [] : [d]));
  if (sizeOf(summed.map((d) => map.domain[d])) > mostTerms) return undefined;
  // A source axis without terms is met at one index only: an axis of size 1 in x tells where.
  const fixed = map.source.flatMap((_, s) => (solved[s] === -1 ? [s] : []));
  const rank = map.source.length;
  const domain = [...map.source, ...summed.map((d) => map.domain[d])];
  const wide = reshape(x, [...x.shape, ...fixed.map(() => 1)]);
  const inverse = affineMap(domain, wide.shape, (axis) => {
    if (axis >= x.shape.length) {
      const s = fixed[axis - x.shape.length];
      return { offset: -map.offset[s], terms: [[s, 1]] };
    }
    const s = solved.indexOf(axis);
    if (s < 0) return { terms: [[rank + summed.indexOf(axis), 1]] };
    const unit = map.coef[s][axis];
    const others = summed.flatMap((d, i): [number, number][] =>
      map.coef[s][d] === 0 ? [] : [[rank + i, -unit * map.coef[s][d]]],
    );
    return { offset: -unit * map.offset[s], terms: [[s, unit], ...others] };
  });
  const axes = summed.map((_, i) => rank + i);
  return reduce(windowSum, view(wide, inverse), axes);
}

/** The sum that stands for an unview. */
const windowSum: ReduceOp = { ...sumOp, rules: { own: foldWindows } };

/**
 * Sum over a view of a contraction = one contraction over views of its inputs. This is how the input gradient of a
 * convolution, which the chain rule writes as "multiply, then add the windows up", becomes one correlation.
 */
function foldWindows(node: Node<"reduce">): Node {
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
  const missing = names.filter((n) => !aLabels.includes(n) && !bLabels.includes(n));
  // A single sample moves nothing: one of the inputs gets an axis for it.
  if (!sharesAll || missing.some((n) => map.domain[names.indexOf(n)] > 1)) return node;
  const first = missing.length === 0 ? a : reshape(a, [...missing.map(() => 1), ...a.shape]);
  return contract(first, b, {
    a: [...missing, ...aLabels],
    b: bLabels,
    out: names.filter((_, d) => !axes.includes(d)),
  });
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
