// Affine maps between indices: how every slice, pad, flip, permutation and window reads its input.
import { formatShape, type Shape, sameShape } from "./shape.js";

/**
 * A map from the indices of one shape (the domain) to those of another (the source): for every source axis s,
 * `index[s] = offset[s] + sum over domain axes d of coef[s][d] * d`. An index outside the source means "zero".
 * Slices, pads, flips, permutations, broadcasts, splits of an axis and sliding windows are all of this form.
 */
export interface AffineMap {
  readonly domain: Shape;
  readonly source: Shape;
  readonly offset: readonly number[];
  readonly coef: readonly (readonly number[])[];
}

export function affineMap(
  domain: Shape,
  source: Shape,
  row: (sourceAxis: number) => { offset?: number; terms?: readonly (readonly [domainAxis: number, coef: number])[] },
): AffineMap {
  const offset: number[] = [];
  const coef: number[][] = [];
  for (let s = 0; s < source.length; s++) {
    const { offset: start = 0, terms = [] } = row(s);
    const k = new Array<number>(domain.length).fill(0);
    for (const [d, c] of terms) if (domain[d] > 1) k[d] += c;
    offset.push(start);
    coef.push(k);
  }
  return { domain, source, offset, coef };
}

/** `domain[i]` walks source axis `axes[i]`. */
export function permuteMap(source: Shape, axes: readonly number[]): AffineMap {
  const domain = axes.map((a) => source[a]);
  return affineMap(domain, source, (s) => ({ terms: [[axes.indexOf(s), 1]] }));
}

/** Aligns axes at the right and stretches axes of size 1, NumPy's rule. */
export function broadcastMap(source: Shape, domain: Shape): AffineMap {
  const shift = domain.length - source.length;
  return affineMap(domain, source, (s) => ({ terms: source[s] === 1 ? [] : [[s + shift, 1]] }));
}

/** `domain` starts at `start` in the source (negative: zeros before it) and steps by `step` (negative: backwards). */
export function sliceMap(
  source: Shape,
  domain: Shape,
  start: readonly number[],
  step: readonly number[] = start.map(() => 1),
): AffineMap {
  return affineMap(domain, source, (s) => ({ offset: start[s], terms: [[s, step[s]]] }));
}

/** Walks some axes backwards. */
export function flipMap(source: Shape, axes: readonly number[]): AffineMap {
  const start = source.map((d, i) => (axes.includes(i) ? d - 1 : 0));
  const step = source.map((_, i) => (axes.includes(i) ? -1 : 1));
  return sliceMap(source, source, start, step);
}

/** Reads through two maps: first `outer` to the middle shape, then `inner` to the source. */
export function composeMaps(outer: AffineMap, inner: AffineMap): AffineMap {
  const offset = inner.offset.map((o, s) => o + inner.coef[s].reduce((sum, c, m) => sum + c * outer.offset[m], 0));
  const coef = inner.coef.map((row) =>
    outer.domain.map((_, d) => row.reduce((sum, c, m) => sum + c * outer.coef[m][d], 0)),
  );
  return { domain: outer.domain, source: inner.source, offset, coef };
}

/** Smallest and largest value of `offset + sum of coef[i] * x[i]`, where each `x[i]` is below `sizes[i]`. */
export function range(offset: number, coef: readonly number[], sizes: Shape): [low: number, high: number] {
  let low = offset;
  let high = offset;
  for (let i = 0; i < coef.length; i++) {
    const far = coef[i] * (sizes[i] - 1);
    if (far < 0) low += far;
    else high += far;
  }
  return [low, high];
}

/** Smallest and largest index that a map reaches on one source axis. */
export const reach = ({ offset, coef, domain }: AffineMap, axis: number) => range(offset[axis], coef[axis], domain);

/** Whether every index of one source axis lands inside it. */
export const axisInside = (map: AffineMap, axis: number): boolean => {
  const [low, high] = reach(map, axis);
  return low >= 0 && high < map.source[axis];
};

/** Whether every index lands inside the source. */
export const staysInside = (map: AffineMap): boolean => map.source.every((_, s) => axisInside(map, s));

/**
 * One map that reads what both do, outer first; undefined if there is none, as where the outer one leaves its source
 * and the inner one would not.
 */
export const compose = (outer: AffineMap, inner: AffineMap): AffineMap | undefined =>
  outer.source.every((size, m) => axisInside(outer, m) || keeps(inner, m, size))
    ? composeMaps(outer, inner)
    : undefined;

/** Whether a map takes a domain axis of this size to a source axis as it is. */
const keeps = ({ source, offset, coef }: AffineMap, axis: number, size: number): boolean =>
  source.some((n, s) => n === size && offset[s] === 0 && coef[s].every((c, d) => c === (d === axis ? 1 : 0)));

export const isIdentity = (map: AffineMap): boolean =>
  sameShape(map.domain, map.source) &&
  map.offset.every((o) => o === 0) &&
  map.coef.every((row, s) => row.every((c, d) => c === (s === d && map.domain[d] > 1 ? 1 : 0)));

/** Whether the map only exchanges axes, all of them longer than 1. */
export const isPermutation = (map: AffineMap): boolean =>
  isBijective(map) &&
  map.domain.length === map.source.length &&
  map.coef.every((row) => row.filter((c) => c === 1).length === 1 && row.every((c) => c === 0 || c === 1));

/** Whether the map hits every source index exactly once: each source axis is a mixed-radix number of domain axes. */
export function isBijective(map: AffineMap): boolean {
  const used = new Array<number>(map.domain.length).fill(0);
  for (let s = 0; s < map.source.length; s++) {
    const terms = map.coef[s].map((c, d) => ({ c, d })).filter((t) => t.c !== 0);
    terms.sort((a, b) => a.c - b.c);
    let radix = 1;
    for (const { c, d } of terms) {
      if (c !== radix) return false;
      radix *= map.domain[d];
      used[d]++;
    }
    if (radix !== map.source[s] || map.offset[s] !== 0) return false;
  }
  return used.every((n, d) => n === (map.domain[d] > 1 ? 1 : 0));
}

/** The split of axes that a reshape performs, as a map, when it merges no axes; undefined otherwise. */
export function reshapeMap(source: Shape, domain: Shape): AffineMap | undefined {
  const groups = reshapeGroups(source, domain);
  if (groups.some((g) => g.source.filter((s) => source[s] > 1).length > 1)) return undefined;
  const terms: [number, number][][] = source.map(() => []);
  for (const {
    source: [...from],
    domain: to,
  } of groups) {
    const s = from.find((a) => source[a] > 1);
    if (s === undefined) continue;
    let step = 1;
    for (const d of [...to].reverse()) {
      terms[s].push([d, step]);
      step *= domain[d];
    }
  }
  return affineMap(domain, source, (s) => ({ terms: terms[s] }));
}

/** The finest runs of neighboring axes with equal products on both sides of a reshape. */
export function reshapeGroups(source: Shape, domain: Shape): { source: number[]; domain: number[] }[] {
  const groups: { source: number[]; domain: number[] }[] = [];
  let s = 0;
  let d = 0;
  while (s < source.length || d < domain.length) {
    const group = { source: [] as number[], domain: [] as number[] };
    let left = 1;
    let right = 1;
    if (s < source.length) {
      left = source[s];
      group.source.push(s++);
    }
    if (d < domain.length && (group.source.length === 0 || left !== 1)) {
      right = domain[d];
      group.domain.push(d++);
    }
    while (left !== right) {
      if (left < right) {
        left *= source[s];
        group.source.push(s++);
      } else {
        right *= domain[d];
        group.domain.push(d++);
      }
    }
    groups.push(group);
  }
  return groups;
}

export const formatMap = (map: AffineMap): string => {
  const rows = map.offset.map((o, s) => {
    const terms = map.coef[s].flatMap((c, d) => (c === 0 ? [] : [c === 1 ? `i${d}` : `${c}*i${d}`]));
    if (o !== 0 || terms.length === 0) terms.push(String(o));
    return terms.join("+");
  });
  return `${formatShape(map.domain)} -> (${rows.join(", ")}) in ${formatShape(map.source)}`;
};
