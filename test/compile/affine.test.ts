import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AffineMap,
  composeMaps,
  isBijective,
  isIdentity,
  reshapeGroups,
  reshapeMap,
  staysInside,
} from "../../packages/tidu/src/base/affine.js";
import { rowMajor, type Shape, sizeOf } from "../../packages/tidu/src/base/shape.js";
import { meaningOf } from "../../packages/tidu/src/graph/meaning.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { Choices } from "../support/choices.js";
import { mapBetween, randomMap } from "../support/random-maps.js";

/** The source's row-major number that each domain element maps to, by definition; -1 outside. */
function walk({ domain, source, offset, coef }: AffineMap): number[] {
  const strides = rowMajor(source);
  const steps = rowMajor(domain);
  return Array.from({ length: sizeOf(domain) }, (_, i) => {
    const at = domain.map((size, d) => Math.floor(i / steps[d]) % size);
    const index = source.map((_, s) => offset[s] + coef[s].reduce((n, c, d) => n + c * at[d], 0));
    return index.every((x, s) => x >= 0 && x < source[s]) ? index.reduce((n, x, s) => n + x * strides[s], 0) : -1;
  });
}

const choices = fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }).map((numbers) => new Choices(numbers));
const drawShape = (c: Choices): number[] => Array.from({ length: c.between(0, 3) }, () => c.between(1, 6));
const maps = choices.map((c) => randomMap(drawShape(c), c));

describe("affine maps", () => {
  test("know whether they stay inside, are the identity, or hit everything once", () => {
    fc.assert(
      fc.property(maps, (map) => {
        const hits = walk(map);
        expect(staysInside(map)).toBe(hits.every((h) => h >= 0));
        const same = map.domain.length === map.source.length && map.domain.every((d, i) => d === map.source[i]);
        expect(isIdentity(map)).toBe(same && hits.every((h, i) => h === i));
        const once = hits.length === sizeOf(map.source) && new Set(hits).size === hits.length && !hits.includes(-1);
        if (isBijective(map)) expect(once).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("compose to reading through one and then the other", () => {
    fc.assert(
      fc.property(choices, (c) => {
        const inner = randomMap(drawShape(c), c);
        const outer = mapBetween(drawShape(c), inner.domain, c);
        const [first, then] = [walk(outer), walk(inner)];
        const both = walk(composeMaps(outer, inner));
        first.forEach((middle, i) => {
          if (middle >= 0) expect(both[i]).toBe(then[middle]);
        });
      }),
      { numRuns: 1000 },
    );
  });

  test("the axes that a reshape splits are a map; its groups multiply to the same sizes and leave nothing out", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 });
    fc.assert(
      fc.property(shapes, fc.array(fc.nat(4), { maxLength: 4 }), (fine, cuts) => {
        const coarse = merge(fine, cuts);
        for (const [source, domain] of [
          [coarse, fine],
          [fine, coarse],
        ]) {
          const groups = reshapeGroups(source, domain);
          expect(groups.flatMap((g) => g.source)).toEqual(source.map((_, i) => i));
          expect(groups.flatMap((g) => g.domain)).toEqual(domain.map((_, i) => i));
          for (const g of groups)
            expect(sizeOf(g.source.map((s) => source[s]))).toBe(sizeOf(g.domain.map((d) => domain[d])));
          const map = reshapeMap(source, domain);
          if (map !== undefined) expect(walk(map)).toEqual(Array.from({ length: sizeOf(domain) }, (_, i) => i));
        }
        expect(reshapeMap(coarse, fine)).toBeDefined();
      }),
    );
  });

  test("a view through a map and the transpose of that view are each other's transposes", () => {
    fc.assert(
      fc.property(maps, (map) => {
        const x = Float64Array.from({ length: sizeOf(map.source) }, (_, i) => Math.sin(i + 1));
        const y = Float64Array.from({ length: sizeOf(map.domain) }, (_, i) => Math.cos(3 * i));
        const view = ops.view(ops.full(0, map.source), map);
        const unview = ops.unview(ops.full(0, map.domain), map);
        const seen = meaningOf(view, [{ shape: map.source, data: x }]).data;
        const spread = meaningOf(unview, [{ shape: map.domain, data: y }]).data;
        const dot = (a: Float64Array, b: Float64Array) => a.reduce((n, v, i) => n + v * b[i], 0);
        expect(dot(seen, y)).toBeCloseTo(dot(x, spread), 9);
      }),
    );
  });
});

/** The shape with neighboring axes multiplied together at the cuts that are drawn. */
function merge(shape: Shape, cuts: readonly number[]): number[] {
  const merged: number[] = [];
  shape.forEach((size, i) => {
    if (i > 0 && cuts.includes(i)) merged[merged.length - 1] *= size;
    else merged.push(size);
  });
  return merged;
}
