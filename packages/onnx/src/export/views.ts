import type { AffineMap } from "tidu/internal";
import { type GraphWriter, ints } from "./writer.js";

/**
 * Writes a view that exchanges axes, or that cuts, pads, flips or thins each axis for itself.
 *
 * @param maps the view for each of two numbers of samples; sizes that differ between them are not written.
 * @returns the name of the result; undefined for other views, such as sliding windows.
 */
export function writeView(maps: readonly AffineMap[], x: string, graph: GraphWriter, path: string): string | undefined {
  const [order, order2] = maps.map(exchange);
  if (order !== undefined && String(order) === String(order2)) {
    return graph.add("Transpose", [x], path, { perm: ints(order) });
  }
  const [axes, axes2] = maps.map(cuts);
  if (axes === undefined || axes2 === undefined) return undefined;
  const both = axes.map((cut, i) => meet(cut, axes2[i]));
  if (!both.every((cut) => cut !== undefined)) return undefined;
  return pad(both, slice(both, x, graph, path), graph, path);
}

/** Which source axis each axis of the result walks, if the view only exchanges axes. */
function exchange({ domain, source, offset, coef }: AffineMap): number[] | undefined {
  if (domain.length !== source.length || offset.some((o) => o !== 0)) return undefined;
  const order = new Array<number>(domain.length).fill(-1);
  const ones: number[] = [];
  for (let s = 0; s < source.length; s++) {
    const walked = coef[s].flatMap((c, d) => (c === 0 ? [] : [d]));
    if (walked.length === 0 && source[s] === 1) ones.push(s);
    else if (walked.length !== 1 || coef[s][walked[0]] !== 1 || domain[walked[0]] !== source[s]) return undefined;
    else if (order[walked[0]] !== -1) return undefined;
    else order[walked[0]] = s;
  }
  // Axes of size 1 are all the same.
  const full = order.map((s, d) => (s === -1 && domain[d] === 1 ? (ones.shift() ?? -1) : s));
  return full.includes(-1) ? undefined : full;
}

/** The part of an axis that is read: `count` elements from `start` by `step`, with zeros before and after them. */
interface Cut {
  readonly size: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
  readonly before: number;
  readonly after: number;
}

/** Whether all of an axis is read, as it is. */
const isWhole = ({ size, start, step, count }: Cut): boolean => start === 0 && step === 1 && count === size;

/** An axis' cut for any number of samples, if it is one for two of them. */
function meet(a: Cut, b: Cut): Cut | undefined {
  if (a.before !== b.before || a.after !== b.after) return undefined;
  if (isWhole(a) && isWhole(b)) return a;
  // Where one of them covers the whole axis by chance, the other shows that it is a cut.
  return a.start === b.start && a.step === b.step && a.count === b.count ? (isWhole(a) ? b : a) : undefined;
}

/** The axes' cuts, if each axis of the result walks the same axis of the source. */
function cuts({ domain, source, offset, coef }: AffineMap): Cut[] | undefined {
  if (domain.length !== source.length) return undefined;
  const list = source.map((size, s) => {
    const alone = coef[s].every((c, d) => (d === s ? c !== 0 || domain[d] === 1 : c === 0));
    const step = coef[s][s] || 1;
    const reads = (i: number) => offset[s] + step * i >= 0 && offset[s] + step * i < size;
    const inside = alone ? Array.from({ length: domain[s] }, (_, i) => i).filter(reads) : [];
    const before = inside[0] ?? 0;
    return {
      size,
      start: offset[s] + step * before,
      step,
      count: inside.length,
      before,
      after: domain[s] - before - inside.length,
    };
  });
  return list.every((cut) => cut.count > 0) ? list : undefined;
}

/** Before the first element: ends are exclusive, and -1 is the last one. */
const BEFORE_ALL = -(2 ** 31);

function slice(axes: readonly Cut[], x: string, graph: GraphWriter, path: string): string {
  const cut = axes.map((a, axis) => ({ ...a, axis })).filter((a) => !isWhole(a));
  if (cut.length === 0) return x;
  const ends = cut.map(({ start, step, count }) => {
    const end = start + step * (count - 1) + Math.sign(step);
    return end < 0 ? BEFORE_ALL : end;
  });
  const lists = [cut.map((a) => a.start), ends, cut.map((a) => a.axis), cut.map((a) => a.step)];
  return graph.add("Slice", [x, ...lists.map((list) => graph.list(list))], path);
}

function pad(axes: readonly Cut[], x: string, graph: GraphWriter, path: string): string {
  const widths = [...axes.map((a) => a.before), ...axes.map((a) => a.after)];
  return widths.every((w) => w === 0) ? x : graph.add("Pad", [x, graph.list(widths)], path);
}
