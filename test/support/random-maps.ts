import { type AffineMap, affineMap, broadcastMap, permuteMap, sliceMap } from "../../packages/tidu/src/base/affine.js";
import type { Shape } from "../../packages/tidu/src/base/shape.js";
import type { Choices } from "./choices.js";

/** Any affine map of a source: structured ones that occur in practice, and arbitrary ones. */
export function randomMap(source: Shape, c: Choices): AffineMap {
  return c.pick([slices, permutation, padding, shifts, flips, windowing, blocks, broadcasting, anything])(source, c);
}

/** A map from a given domain to a source, with arbitrary terms that stay mostly inside the source. */
export function mapBetween(domain: Shape, source: Shape, c: Choices): AffineMap {
  if (c.oneIn(2) && fitsBroadcast(source, domain)) return broadcastMap(source, domain);
  return affineMap(domain, source, (s) => {
    const d = domain.length === 0 ? -1 : (s + c.below(domain.length)) % domain.length;
    const terms: [number, number][] = [];
    if (d >= 0 && (domain[d] <= source[s] || c.oneIn(4))) terms.push([d, c.pick([1, 1, 1, -1, 2, -2])]);
    if (domain.length > 1 && c.oneIn(6)) terms.push([(d + 1) % domain.length, c.pick([1, 2, -1, 3])]);
    const back = terms.reduce((n, [axis, k]) => n + Math.max(0, -k * (domain[axis] - 1)), 0);
    const span = terms.reduce((n, [axis, k]) => n + Math.abs(k * (domain[axis] - 1)), 0);
    return { offset: back + c.pick([c.below(Math.max(1, source[s] - span)), 0, -1]), terms };
  });
}

const fitsBroadcast = (source: Shape, domain: Shape): boolean =>
  source.length <= domain.length &&
  source.every((size, i) => size === 1 || size === domain[domain.length - source.length + i]);

function slices(source: Shape, c: Choices): AffineMap {
  const start = source.map((size) => c.below(size));
  const step = source.map(() => c.between(1, 3));
  const domain = source.map((size, i) => 1 + c.below(Math.ceil((size - start[i]) / step[i])));
  return sliceMap(source, domain, start, step);
}

function permutation(source: Shape, c: Choices): AffineMap {
  const left = source.map((_, i) => i);
  return permuteMap(
    source,
    source.map(() => left.splice(c.below(left.length), 1)[0]),
  );
}

function padding(source: Shape, c: Choices): AffineMap {
  const before = source.map(() => c.below(3));
  const domain = source.map((size, i) => size + before[i] + c.below(3));
  return sliceMap(
    source,
    domain,
    before.map((b) => -b),
  );
}

/** The same shape, shifted; zeros fill the gap. */
function shifts(source: Shape, c: Choices): AffineMap {
  return sliceMap(
    source,
    source,
    source.map(() => c.between(0, 2) - 1),
  );
}

function flips(source: Shape, c: Choices): AffineMap {
  const turn = source.map(() => c.oneIn(2));
  return sliceMap(
    source,
    source,
    source.map((size, i) => (turn[i] ? size - 1 : 0)),
    turn.map((t) => (t ? -1 : 1)),
  );
}

function broadcasting(source: Shape, c: Choices): AffineMap {
  const domain = [
    ...(c.oneIn(2) ? [c.between(1, 5)] : []),
    ...source.map((size) => (size === 1 ? c.between(1, 5) : size)),
  ];
  return broadcastMap(source, domain);
}

/** Each axis split in pieces, as by a reshape, and sometimes shifted. */
function blocks(source: Shape, c: Choices): AffineMap {
  const piece = source.map((size) => c.pick([2, 3, 4, 1].filter((p) => size % p === 0)));
  const domain = source.flatMap((size, s) => [size / piece[s], piece[s]]);
  return affineMap(domain, source, (s) => ({
    offset: c.pick([0, 0, 0, 1, -1]),
    terms: [
      [2 * s, piece[s]],
      [2 * s + 1, 1],
    ],
  }));
}

/** Sliding windows over the last one or two axes. */
export function windowing(source: Shape, c: Choices): AffineMap {
  const count = Math.min(source.length, c.between(1, 2));
  const lead = source.length - count;
  const own = Array.from({ length: count }, (_, i) => {
    const size = source[lead + i];
    const padding = c.below(3);
    const kernel = c.between(1, Math.min(3, size + 2 * padding));
    const dilation = kernel > 1 && c.oneIn(3) && (kernel - 1) * 2 < size + 2 * padding ? 2 : 1;
    const stride = c.between(1, 3);
    const out = Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
    return { padding, kernel, dilation, stride, out };
  });
  const domain = [...source.slice(0, lead), ...own.map((w) => w.out), ...own.map((w) => w.kernel)];
  return affineMap(domain, source, (s) => {
    if (s < lead) return { terms: [[s, 1]] };
    const { padding, stride, dilation } = own[s - lead];
    return {
      offset: -padding,
      terms: [
        [s, stride],
        [s + count, dilation],
      ],
    };
  });
}

function anything(source: Shape, c: Choices): AffineMap {
  const domain = Array.from({ length: c.between(0, 3) }, () => c.between(1, 6));
  return mapBetween(domain, source, c);
}

/** A view of the given shape of some larger or smaller source that it never leaves. */
export function insideMap(domain: Shape, c: Choices): AffineMap {
  const order = domain.map((_, i) => i);
  const axes = domain.map(() => order.splice(c.below(order.length), 1)[0]);
  const stretched = axes.map(() => c.oneIn(5));
  const step = axes.map(() => c.pick([1, 1, -1, 2]));
  const before = axes.map(() => c.below(3));
  const reach = axes.map((d, s) => (stretched[s] ? 0 : Math.abs(step[s]) * (domain[d] - 1)));
  const source = axes.map((_, s) => reach[s] + before[s] + 1 + c.below(2));
  return affineMap(domain, source, (s) => ({
    offset: before[s] + (step[s] < 0 ? reach[s] : 0),
    terms: stretched[s] ? [] : [[axes[s], step[s]]],
  }));
}
