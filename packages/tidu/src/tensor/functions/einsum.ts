// Sums of products in Einstein's notation.
import { affineMap } from "../../base/affine.js";
import { check, listOf, refuse, refuseShape, text } from "../../base/check.js";
import { contract, view } from "../../graph/ops/index.js";
import { aTensor, checkTensor, Tensor, unchanged } from "../tensor.js";
import { floats } from "../types.js";

/** A tensor and a label for each of its axes, all different. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/**
 * `einsum("bij,bjk->bik", x, y)`: axes with the same letter are matched, and letters that are not in the result are
 * summed over. A letter may occur twice in one operand (its diagonal); "..." stands for leading axes that broadcast.
 * Without "->" the result has the letters that occur once, in alphabetical order. f32. Operands are multiplied from
 * left to right.
 *
 * @example
 * ```ts
 * import { einsum, tensor } from "tidu";
 *
 * console.log(await einsum("ij,jk->ik", tensor([[1, 2]]), tensor([[3], [4]])).array()); // [[11]]
 * ```
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  check("einsum", "equation", equation, text);
  check("einsum", "operands", operands, listOf(aTensor, "tensors, at least one"));
  const [left, right] = equation.replaceAll(" ", "").split("->");
  const terms = left.split(",");
  if (terms.length !== operands.length) refuse("einsum", "equation", equation, `terms for ${operands.length} operands`);
  const named = operands.map((x, i) => expand(equation, terms[i], x));
  const all = named.flatMap((n) => n.labels);
  const once = [...new Set(all)].filter((l) => !l.startsWith("."));
  const dots = [...new Set(all.filter((l) => l.startsWith(".")))].sort(
    (p, q) => Number(q.slice(1)) - Number(p.slice(1)),
  );
  const counts = (l: string): number => terms.join("").split(l).length - 1;
  const out =
    right === undefined
      ? [...dots, ...once.filter((l) => counts(l) === 1).sort()]
      : right
          .split(/(\.\.\.|)/)
          .filter(Boolean)
          .flatMap((l) => (l === "..." ? dots : [l]));
  if (new Set(out).size !== out.length || out.some((l) => !all.includes(l)))
    refuse("einsum", "equation", equation, "a result of letters of the operands, each once");
  const sizes = sizesOf(equation, named);
  let rest = named.map((n) => stretched(n, sizes));
  while (rest.length > 1) {
    const [a, b, ...others] = rest;
    const later = new Set([...out, ...others.flatMap((n) => n.labels)]);
    rest = [product(a, b, later), ...others];
  }
  const { x, labels } = summed(rest[0], new Set(out));
  return labels.length === 0 ? unchanged(x) : x.permute(out.map((l) => labels.indexOf(l)));
}

/** The labels of an operand's axes; of two axes of one label the diagonal is taken. */
function expand(equation: string, term: string, given: Tensor): Labelled {
  const [before, after, ...more] = term.split("...");
  const letters = [...before, ...(after ?? "")];
  const extra = given.rank - letters.length;
  if (more.length > 0 || letters.some((l) => !/[a-zA-Z]/.test(l)) || extra < 0 || (after === undefined && extra > 0))
    refuseShape("einsum", "equation", equation, `letters for ${given}; "${term}" is for ${letters.length} axes`);
  const dots = Array.from({ length: after === undefined ? 0 : extra }, (_, i) => `.${extra - i}`);
  const labels = [...before, ...dots, ...(after ?? "")];
  const x = new Tensor(floats(given.node));
  const distinct = [...new Set(labels)];
  if (distinct.length === labels.length) return { x, labels };
  const domain = distinct.map((l) => x.shape[labels.indexOf(l)]);
  labels.forEach((l, i) => {
    if (x.shape[i] !== domain[distinct.indexOf(l)])
      refuseShape("einsum", "equation", equation, `one whose letter ${l} has one size; ${given} has several`);
  });
  return {
    x: new Tensor(
      view(
        x.node,
        affineMap(domain, x.shape, (axis) => ({ terms: [[distinct.indexOf(labels[axis]), 1]] })),
      ),
    ),
    labels: distinct,
  };
}

function sizesOf(equation: string, operands: readonly Labelled[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { x, labels } of operands)
    labels.forEach((l, i) => {
      const known = sizes.get(l) ?? 1;
      if (known !== 1 && x.shape[i] !== 1 && known !== x.shape[i])
        refuseShape(
          "einsum",
          "equation",
          equation,
          `one whose letter ${l} has one size; it has ${known} and ${x.shape[i]}`,
        );
      sizes.set(l, Math.max(known, x.shape[i]));
    });
  return sizes;
}

const stretched = ({ x, labels }: Labelled, sizes: ReadonlyMap<string, number>): Labelled => ({
  x: x.broadcastTo(labels.map((l) => sizes.get(l) as number)),
  labels,
});

/** Sums over the labels that nothing needs any more. */
function summed({ x, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const gone = labels.flatMap((l, i) => (needed.has(l) ? [] : [i]));
  return gone.length === 0 ? { x, labels } : { x: x.sum(gone), labels: labels.filter((l) => needed.has(l)) };
}

function product(first: Labelled, second: Labelled, needed: ReadonlySet<string>): Labelled {
  const a = summed(first, new Set([...needed, ...second.labels]));
  const b = summed(second, new Set([...needed, ...first.labels]));
  const labels = [...new Set([...a.labels, ...b.labels])].filter((l) => needed.has(l));
  const node = contract(a.x.node, b.x.node, { a: a.labels, b: b.labels, out: labels });
  return { x: new Tensor(node), labels };
}

/**
 * Sum of the products of two vectors of equal length.
 *
 * @example
 * ```ts
 * import { dot, tensor } from "tidu";
 *
 * console.log(await dot(tensor([1, 2]), tensor([3, 4])).item()); // 11
 * ```
 */
export function dot(x: Tensor, y: Tensor): Tensor {
  vector("dot", "x", x);
  vector("dot", "y", y);
  if (x.size !== y.size) refuseShape("dot", "y", y, `as long as x, ${x}`);
  return x.matmul(y);
}

/**
 * The products of each element of a vector with each of another: [n, m].
 *
 * @example
 * ```ts
 * import { outer, tensor } from "tidu";
 *
 * console.log(await outer(tensor([1, 2]), tensor([3, 4])).array()); // [[3, 4], [6, 8]]
 * ```
 */
export function outer(x: Tensor, y: Tensor): Tensor {
  vector("outer", "x", x);
  vector("outer", "y", y);
  return x.unsqueeze(1).mul(y.unsqueeze(0));
}

function vector(where: string, name: string, x: Tensor): void {
  checkTensor(where, name, x);
  if (x.rank !== 1) refuseShape(where, name, x, "[n]");
}
