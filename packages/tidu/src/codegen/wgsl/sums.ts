// Long sums: short stretches are added in float32, and between stretches rounding errors are kept and added.
import { ZERO } from "./lanes.js";
import type { Writer } from "./text.js";

/** How many terms are added one after the other in float32; a power of two. */
export const CHAIN = 32;

/** Sums that are added up side by side. */
export type Width = 1 | 2 | 3 | 4;

export const typeOf = (width: Width, element = "f32"): string => (width === 1 ? element : `vec${width}<${element}>`);

/** A value hidden from the shader's compiler, so that it does not add in another order. */
const opaque = (text: string, width: Width): string => {
  const bits = typeOf(width, "u32");
  return `bitcast<${typeOf(width)}>(bitcast<${bits}>(${text}) ^ ${bits}(${ZERO}))`;
};

/**
 * Defines a function of a sum, its rounding error and a term, which returns the sum with the term and its error (Knuth,
 * The Art of Computer Programming, volume 2, 4.2.2, theorem B).
 */
export function plus(w: Writer, width: Width): string {
  const type = typeOf(width);
  return w.define(
    `high: ${type}, low: ${type}, x: ${type}`,
    (inner) => {
      inner.line(`let sum = ${opaque("high + x", width)};`);
      inner.line(`let part = ${opaque("sum - high", width)};`);
      inner.line(`let rest = ${opaque("sum - part", width)};`);
      inner.line(`return array<${type}, 2>(sum, low + ((high - rest) + (x - part)));`);
    },
    `array<${type}, 2>`,
  );
}

/**
 * Defines a function of a sum and its rounding error, which returns both together. The error of an infinite sum is NaN.
 */
export function total(w: Writer, width: Width): string {
  const type = typeOf(width);
  const bits = typeOf(width, "u32");
  const finite = `(bitcast<${bits}>(high) & ${bits}(0x7fffffffu)) < ${bits}(0x7f800000u)`;
  return w.define(
    `high: ${type}, low: ${type}`,
    (inner) => inner.line(`return select(high, high + low, ${finite});`),
    type,
  );
}

/** With at most this many terms, a tile's sum is added as it comes; with more, rounding errors are kept. */
const SHORT = 512;
const LONG = 8192;
/** Terms of one stretch of a tile's long sum. */
const STRETCH = 64;

/** The code by which a tile keeps long sums exact: after each tile of operands, and at the end. */
export interface LongSum {
  tile(): void;
  end(): void;
}

/**
 * After each stretch, adds the sums s0_0, … of a thread to totals that keep their rounding errors.
 *
 * @param terms of the sum; `depth` of them come with each tile, from `k0` on.
 */
export function longSum(w: Writer, terms: number, depth: number, down: number, across: number): LongSum {
  if (terms <= SHORT) return { tile() {}, end() {} };
  const names = Array.from({ length: down * across }, (_, n) => `${Math.floor(n / across)}_${n % across}`);
  const exact = terms > LONG ? plus(w, 4) : undefined;
  const start = exact === undefined ? "vec4<f32>()" : "array<vec4<f32>, 2>()";
  for (const n of names) w.line(`var t${n} = ${start};`);
  const move = (): void => {
    for (const n of names) {
      w.line(exact === undefined ? `t${n} += s${n};` : `t${n} = ${exact}(t${n}[0], t${n}[1], s${n});`);
      w.line(`s${n} = vec4<f32>();`);
    }
  };
  return {
    tile: () => w.block(`if (((k0 / ${depth}) & ${STRETCH / depth - 1}) == ${STRETCH / depth - 1})`, move),
    end() {
      move();
      const whole = exact === undefined ? undefined : total(w, 4);
      for (const n of names) w.line(`s${n} = ${whole === undefined ? `t${n}` : `${whole}(t${n}[0], t${n}[1])`};`);
    },
  };
}
