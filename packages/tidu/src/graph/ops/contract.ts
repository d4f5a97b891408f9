import { isPermutation } from "../../base/affine.js";
import { isFloat } from "../../base/dtype.js";
import type { Contraction } from "../attributes.js";
import { makeNode, misfit, type Node, type Op, widest } from "../node.js";
import { view } from "./movement.js";

/** Size of every label; throws ShapeError where the inputs or the labels do not fit. */
export function labelSizes({ a, b, out }: Contraction, x: Node, y: Node): Map<string, number> {
  const sizes = new Map<string, number>();
  const labels: string[][] = [[...a], [...b], [...out]];
  let fits =
    labels.every((own) => new Set(own).size === own.length) && out.every((l) => a.includes(l) || b.includes(l));
  [x, y].forEach(({ shape }, k) => {
    fits &&= shape.length === labels[k].length;
    labels[k].forEach((l, i) => {
      // A label is in two of the three, and of one size.
      fits &&= (sizes.get(l) ?? shape[i]) === shape[i] && (out.includes(l) || labels[1 - k].includes(l));
      sizes.set(l, shape[i]);
    });
  });
  return fits ? sizes : misfit("contract", [x, y], labels.join("|"));
}

/** Labels that are summed over, in the order of the first input. */
export const summedLabels = ({ a, out }: Contraction): string[] => a.filter((l) => !out.includes(l));

export const contractOp: Op<"contract"> = {
  name: "contract",
  kind: "contract",
  infer([x, y], spec) {
    const sizes = labelSizes(spec, x, y);
    if (!isFloat(x.dtype) || !isFloat(y.dtype)) misfit("contract", [x, y], "floats");
    return { shape: spec.out.map((l) => sizes.get(l) as number), dtype: widest([x, y]) };
  },
  grad({ inputs: [x, y], attrs: { a, b, out } }, dy) {
    return [
      inOrder(x, a, (own) => contract(dy, y, { a: out, b, out: own })),
      inOrder(y, b, (own) => contract(x, dy, { a, b: out, out: own })),
    ];
  },
  key: ({ a, b, out }) => `${a}|${b}|${out}`,
};

/**
 * The gradient of a transposed input is computed in the axis order of the value before the transposition, to which it
 * goes.
 */
function inOrder(x: Node, labels: readonly string[], compute: (own: readonly string[]) => Node): Node {
  if (x.kind !== "view" || !isPermutation(x.attrs)) return compute(labels);
  const map = x.attrs;
  return view(compute(map.coef.map((row) => labels[row.indexOf(1)])), map);
}

export const contract = (x: Node, y: Node, spec: Contraction): Node => makeNode(contractOp, [x, y], spec);
