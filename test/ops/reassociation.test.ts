// Compilers of shaders may take floats for real numbers: cancel (v + c) - c, gather constants, add and multiply in another
// order, and multiply and add with one rounding. Every elementwise function, run by machines that do all of that up to
// what is opaque, stays within its bound.
import { describe, expect, test } from "vitest";
import type { Machine } from "../../packages/tidu/src/graph/machine.js";
import type { ElementwiseOp } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { numberOf } from "../halves/nearest.js";
import { ROUNDED } from "../support/bounds.js";
import { bits, float, scalarMachine } from "../support/scalar-machine.js";

/** A lane's bits, and the sum or the product that a compiler knows it to be. */
interface Value {
  readonly bits: number;
  readonly constant: boolean;
  /** Terms with their signs. */
  readonly sum?: readonly (readonly [Value, 1 | -1])[];
  readonly product?: readonly Value[];
}

/** How a compiler may put terms or factors in order. */
type Order = <T>(items: readonly T[]) => readonly T[];

const atom = (value: number): Value => ({ bits: value, constant: false });
const f = (v: Value): number => float(v.bits);

/** A machine with a compiler between the instructions and what runs; see the first lines of this file. */
function rearranging(order: Order, fuses: boolean): Machine<Value> {
  const termsOf = (v: Value) => v.sum ?? [[v, 1] as const];

  const add = (a: Value, b: Value, sign: 1 | -1): Value => {
    const left: (readonly [Value, 1 | -1])[] = [...termsOf(a)];
    for (const [term, s] of termsOf(b)) {
      const other = (s * sign) as 1 | -1;
      const same = left.findIndex(([t, u]) => u === -other && isSame(t, term));
      if (same >= 0) left.splice(same, 1);
      else left.push([term, other]);
    }
    const constants = left.filter(([t]) => t.constant);
    const rest = left.filter(([t]) => !t.constant);
    const known = constants.reduce((n, [t, s]) => Math.fround(n + s * f(t)), 0);
    const constant: Value = { bits: bits(known), constant: true };
    const sum = constants.length > 0 && known !== 0 ? [...rest, [constant, 1] as const] : rest;
    if (sum.length === 0) return { bits: bits(0), constant: true };
    if (sum.length === 1 && sum[0][1] === 1) return sum[0][0];
    const sorted = order(sum);
    const exact = ([t, s]: readonly [Value, 1 | -1]): number =>
      s * (fuses && t.product?.length === 2 ? f(t.product[0]) * f(t.product[1]) : f(t));
    const total = sorted.slice(1).reduce((n, t) => Math.fround(n + exact(t)), Math.fround(exact(sorted[0])));
    return { bits: bits(total), constant: rest.length === 0, sum };
  };

  const multiply = (a: Value, b: Value): Value => {
    const all = [...(a.product ?? [a]), ...(b.product ?? [b])];
    const constants = all.filter((v) => v.constant);
    const known = constants.reduce((n, v) => Math.fround(n * f(v)), 1);
    const usable = Number.isFinite(known) && Math.abs(known) > 2 ** -100;
    const rest = all.filter((v) => !v.constant);
    const constant: Value = { bits: bits(known), constant: true };
    const product = usable ? (constants.length > 0 && known !== 1 ? [...rest, constant] : rest) : [a, b];
    if (product.length === 1) return product[0];
    const sorted = usable ? order(product) : product;
    return { bits: bits(sorted.reduce((n, v) => Math.fround(n * f(v)), 1)), constant: rest.length === 0, product };
  };

  const others = Object.entries(scalarMachine).map(([name, run]) => [
    name,
    (...x: unknown[]) => {
      const given = x.map((v) => (typeof v === "object" ? (v as Value).bits : v));
      return atom((run as (...x: unknown[]) => number)(...given));
    },
  ]);
  return {
    ...(Object.fromEntries(others) as Machine<Value>),
    f32: (v) => ({ bits: bits(v), constant: true }),
    i32: (v) => ({ bits: v | 0, constant: true }),
    add: (a, b) => add(a, b, 1),
    // As the printer does it: v - v is 0, but for what is no number.
    sub: (a, b) => add(a === b ? atom(a.bits) : a, b, -1),
    mul: multiply,
    opaque: (v) => atom(v.bits),
    rarely: (mask, rare, usual) => (mask.bits !== 0 ? rare() : usual),
  };
}

const isSame = (a: Value, b: Value): boolean => a === b || (a.constant && b.constant && a.bits === b.bits);

const reversed: Order = (items) => [...items].reverse();
const MACHINES: readonly (readonly [string, Machine<Value>])[] = [
  ["cancels", rearranging((x) => x, false)],
  ["cancels and turns round", rearranging(reversed, false)],
  ["cancels and fuses", rearranging((x) => x, true)],
  ["cancels, turns round and fuses", rearranging(reversed, true)],
];

/** Where a function is tried; of two arguments both. */
const RANGES: Record<string, readonly [number, number]> = {
  log: [1e-30, 1e6],
  log1p: [-0.999, 1e6],
  sqrt: [0, 1e6],
  exp: [-86, 88],
  expm1: [-86, 88],
  sin: [-1e4, 1e4],
  cos: [-1e4, 1e4],
  pow: [0.01, 100],
};

/** Relative errors that are allowed; on cards, too (test/webgpu/inside/functions.gpu.ts). */
const mostOf = (name: string): number => (ROUNDED.has(name) ? 4 : 24) * 2 ** -23;

const takesFloats = (op: ElementwiseOp): boolean => {
  try {
    ops.apply(op, ...Array.from({ length: op.arity }, () => ops.full(1, [])));
    return op.arity < 3;
  } catch {
    return false;
  }
};
const OPS = Object.values(ops.elementwise).filter(
  (x): x is ElementwiseOp => typeof x === "object" && x.kind === "elementwise" && takesFloats(x),
);

/** Numbers between the limits: of even spread, and of every magnitude. */
function numbers(low: number, high: number, count: number, seed: number): number[] {
  let state = seed;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Array.from({ length: count }, (_, i) => {
    if (i % 2 === 0) return Math.fround(low + (high - low) * next());
    const value = Math.fround(Math.min(2 ** (next() * 40 - 30), high));
    return low < 0 && next() < 0.5 ? Math.max(-value, Math.fround(low)) : value;
  });
}

/** The worst that a machine makes of a function. */
function worst(op: ElementwiseOp, machine: Machine<Value>): { off: number; text: string } {
  const [low, high] = RANGES[op.name] ?? [-100, 100];
  const x = numbers(low, high, 4000, 1);
  const y = op.name === "pow" ? numbers(-8, 8, x.length, 2) : numbers(low, high, x.length, 2);
  const { dtype } = ops.apply(op, ...Array.from({ length: op.arity }, () => ops.full(1, [])));
  const read = (v: Value): number => {
    if (dtype === "f16" || dtype === "bf16") return numberOf(dtype, v.bits);
    return dtype === "f32" ? f(v) : dtype === "bool" ? -v.bits : v.bits;
  };
  let found = { off: 0, text: "" };
  x.forEach((_, i) => {
    const at = [x[i], y[i]].slice(0, op.arity);
    const want = op.scalar(...at);
    if (!Number.isFinite(Math.fround(want)) || Math.abs(want) < 2e-38) return;
    const result = op.lower(machine, ...(at.map((v) => atom(bits(v))) as [Value, Value])) as Value;
    const got = read(result);
    const off = Math.abs(got - want) / (Math.abs(want) + 1e-30);
    if (!(off <= found.off)) found = { off, text: `${op.name}(${at}) = ${want}, got ${got}` };
  });
  return found;
}

describe.each(MACHINES)("a compiler that %s", (_, machine) => {
  test.each(OPS.map((op) => [op.name, op] as const))("leaves %s as exact as it is meant to be", (name, op) => {
    const { off, text } = worst(op, machine);
    expect(off <= mostOf(name), `${text}: ${off / 2 ** -23} units off`).toBe(true);
  });
});

test("without what is opaque, such a compiler would ruin the functions that round by adding", () => {
  for (const op of [ops.elementwise.exp, ops.elementwise.sin, ops.elementwise.pow]) {
    const blind = { ...MACHINES[0][1], opaque: (v: Value) => v };
    expect(worst(op, blind).off).toBeGreaterThan(1e-3);
  }
});
