// Gradients of slices of one value lie beside each other, with zeros elsewhere: joined, they need no sum.
import type { Shape } from "../base/shape.js";
import type { Node } from "../graph/node.js";
import { concat, full } from "../graph/ops/index.js";

/** A term of a sum that is zero but along one axis, from `start` to `end`, where it is `value`. */
interface Slice {
  readonly term: Node;
  readonly value: Node;
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The same sum from fewer terms: slices along one axis that do not overlap become one joined value. A recurrent layer
 * of n steps has n of them in the gradient of its input, and each as a term of a sum would be as long as all.
 */
export function joinSlices(terms: readonly Node[]): readonly Node[] {
  const rows: Slice[][] = [];
  for (const slice of terms.flatMap(asSlice).sort((a, b) => a.start - b.start)) {
    const row = rows.find((r) => r[0].axis === slice.axis && (r.at(-1) as Slice).end <= slice.start);
    if (row === undefined) rows.push([slice]);
    else row.push(slice);
  }
  const several = rows.filter((row) => row.length > 1);
  const gone = new Set(several.flat().map(({ term }) => term));
  return [...terms.filter((t) => !gone.has(t)), ...several.map((row) => join(row, terms[0].shape))];
}

function asSlice(term: Node): Slice[] {
  if (term.kind !== "unview") return [];
  const { domain, source, offset, coef } = term.attrs;
  if (domain.length !== source.length) return [];
  const straight = coef.every((row, s) => row.every((c, d) => c === (s === d && domain[d] > 1 ? 1 : 0)));
  const cut = source.flatMap((size, s) => (offset[s] !== 0 || domain[s] !== size ? [s] : []));
  if (!straight || cut.length !== 1) return [];
  const [axis] = cut;
  const [start, end] = [offset[axis], offset[axis] + domain[axis]];
  return start < 0 || end > source[axis] ? [] : [{ term, value: term.inputs[0], axis, start, end }];
}

function join(row: readonly Slice[], shape: Shape): Node {
  const [{ axis }] = row;
  const parts: Node[] = [];
  let next = 0;
  const fillTo = (place: number): void => {
    if (place > next) parts.push(full(0, shape.with(axis, place - next)));
  };
  for (const { value, start, end } of row) {
    fillTo(start);
    parts.push(value);
    next = end;
  }
  fillTo(shape[axis]);
  return concat(parts, axis);
}
