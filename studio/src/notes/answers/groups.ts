// Groups results that can share a drawing.
import type { Comparison, Curve, Measure } from "@tidu/cli/experiment";

/** Lists of what has the same key, in the order in which keys appear. */
function grouped<Q>(all: readonly Q[], keyOf: (one: Q) => string): Q[][] {
  const groups = new Map<string, Q[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups.values()];
}

/** Lists of what shares a unit. */
export const byUnit = <Q extends { readonly unit: string }>(all: readonly Q[]): Q[][] =>
  grouped(all, ({ unit }) => unit);

/** So many times what would matter, a difference is drawn apart: beside it the others would be points on one place. */
const FAR = 40;

/** Lists of differences that share a unit and can be told apart on one scale. */
export const byScale = (all: readonly Comparison[]): Comparison[][] =>
  grouped(all, ({ unit, mean, matters }) => `${unit} ${Math.abs(mean) > FAR * matters}`);

/** Lists of measures that are compared with each other, and so belong on one scale; the rest by their units. */
export function byComparison(measures: readonly Measure[], comparisons: readonly Comparison[]): Measure[][] {
  const compared = new Set(comparisons.flatMap(({ a, b }) => [a, b]));
  const group = new Map(measures.map(({ id, unit }) => [id, compared.has(id) ? id : `unit ${unit}`]));
  for (const { a, b } of comparisons) {
    const [kept, joined] = [group.get(a) as string, group.get(b)];
    for (const [id, own] of group) if (own === joined) group.set(id, kept);
  }
  return grouped(measures, ({ id }) => group.get(id) as string);
}

/** Lists of curves that can be drawn over each other: of one unit, over the same places of one axis. */
export const byAxis = (curves: readonly Curve[]): Curve[][] =>
  grouped(curves, ({ unit, x, points }) => [unit, x.unit, x.label.en, ...points.map((p) => p.x)].join("\n"));
