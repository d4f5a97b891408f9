// Long sums: rounding errors of what is added up in one go stay small, and what is added to that keeps its own.
import { ZERO } from "./lanes.js";
import type { Writer } from "./text.js";

/** So many terms are added up one after the other, in float32; a power of two. */
export const CHAIN = 32;

const typeOf = (width: 1 | 4): string => (width === 1 ? "f32" : "vec4<f32>");

/** A value that the shader's compiler knows nothing of, so that it does not add up in another order. */
const opaque = (text: string, width: 1 | 4): string =>
  width === 1
    ? `bitcast<f32>(bitcast<u32>(${text}) ^ ${ZERO})`
    : `bitcast<vec4<f32>>(bitcast<vec4<u32>>(${text}) ^ vec4<u32>(${ZERO}))`;

/**
 * A function of a sum, of what it lacks, and of a term: the sum with the term, and what that lacks (Knuth, The Art of
 * Computer Programming, volume 2, 4.2.2, theorem B).
 */
export function plus(w: Writer, width: 1 | 4): string {
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

/** A function of a sum and of what it lacks: both together. What is lacking of an infinite sum is no number. */
export function total(w: Writer, width: 1 | 4): string {
  const type = typeOf(width);
  const [u, most, infinite] =
    width === 1
      ? ["u32", "0x7fffffffu", "0x7f800000u"]
      : ["vec4<u32>", "vec4<u32>(0x7fffffffu)", "vec4<u32>(0x7f800000u)"];
  return w.define(
    `high: ${type}, low: ${type}`,
    (inner) => inner.line(`return select(high, high + low, (bitcast<${u}>(high) & ${most}) < ${infinite});`),
    type,
  );
}

/** Terms of a tile's sum that are added up as they come, and those from which on what sums lack is kept. */
const SHORT = 512;
const LONG = 8192;
/** Terms that a tile's long sum adds up in one go. */
const STRETCH = 64;

/** What a tile does to keep long sums right: after each tile of operands, and at the end. */
export interface LongSum {
  tile(): void;
  end(): void;
}

/**
 * Has the sums s0_0, … of a thread moved to others in stretches.
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
