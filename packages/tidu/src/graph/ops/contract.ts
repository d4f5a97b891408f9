import { ShapeError } from "../../base/errors.js";
import { formatShape } from "../../base/shape.js";
import { makeNode, type Node, type Op } from "../node.js";

/**
 * Names the axes of a sum of products, as in Einstein's summation convention. Axes with the same label run together;
 * a label in both inputs but not in the output is summed over. Matrix products, convolutions (over window views)
 * and their gradients are all of this form.
 */
export interface Contraction {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly out: readonly string[];
}

/** Size of every label; throws where the inputs disagree. */
export function labelSizes({ a, b, out }: Contraction, x: Node, y: Node): Map<string, number> {
  const sizes = new Map<string, number>();
  const take = (labels: readonly string[], node: Node) => {
    if (labels.length !== node.shape.length) {
      throw new ShapeError(`contract: ${labels.length} labels for a tensor of shape ${formatShape(node.shape)}`);
    }
    distinct(labels);
    labels.forEach((l, i) => {
      const known = sizes.get(l);
      if (known !== undefined && known !== node.shape[i]) {
        throw new ShapeError(
          `contract: axis "${l}" is ${known} in one input and ${node.shape[i]} in the other (${formatShape(x.shape)} and ${formatShape(y.shape)})`,
        );
      }
      sizes.set(l, node.shape[i]);
    });
  };
  take(a, x);
  take(b, y);
  distinct(out);
  for (const l of out) {
    if (!sizes.has(l)) throw new ShapeError(`contract: axis "${l}" of the result is in neither input`);
  }
  for (const l of [...a, ...b]) {
    if (!out.includes(l) && !(a.includes(l) && b.includes(l))) {
      throw new ShapeError(`contract: axis "${l}" is in one input only; sum it out before`);
    }
  }
  return sizes;
}

function distinct(labels: readonly string[]): void {
  const twice = labels.find((l, i) => labels.indexOf(l) !== i);
  if (twice !== undefined)
    throw new ShapeError(`contract: axis "${twice}" stands twice in one tensor; take the diagonal first`);
}

/** Labels that are summed over, in the order of the first input. */
export const summedLabels = ({ a, out }: Contraction): string[] => a.filter((l) => !out.includes(l));

export const contractOp: Op<Contraction> = {
  name: "contract",
  kind: "contract",
  infer([x, y], spec) {
    const sizes = labelSizes(spec, x, y);
    if (x.dtype !== "f32" || y.dtype !== "f32") {
      throw new ShapeError(`contract: inputs are ${x.dtype} and ${y.dtype}, expected f32; convert them first`);
    }
    return { shape: spec.out.map((l) => sizes.get(l) as number), dtype: "f32" };
  },
  grad({ inputs: [x, y], attrs: { a, b, out } }, dy) {
    return [contract(dy, y, { a: out, b, out: a }), contract(x, dy, { a, b: out, out: b })];
  },
  key: ({ a, b, out }) => `${a}|${b}|${out}`,
};

export const contract = (x: Node, y: Node, spec: Contraction): Node => makeNode(contractOp, [x, y], spec);
