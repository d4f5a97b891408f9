import { describe, expect, it } from "vitest";
import { defaultRate, makeOptimizer } from "../../packages/cli/src/cli/run/optimizers.js";
import { makeSchedule } from "../../packages/cli/src/cli/run/schedules.js";
import { parseSpec } from "../../packages/cli/src/cli/run/spec.js";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import { Adam } from "../../packages/tidu/src/optim/adam.js";
import { Sgd } from "../../packages/tidu/src/optim/sgd.js";

const known = { fast: { by: "number", twice: "flag" }, slow: {} } as const;

describe("a choice with options", () => {
  it("is a name, numbers and words", () => {
    expect(parseSpec("speed", "slow", known)).toEqual({ name: "slow", options: {} });
    expect(parseSpec("speed", "fast:by=1e-2,twice", known)).toEqual({
      name: "fast",
      options: { by: 0.01, twice: true },
    });
  });

  it.each([
    ["quick", 'speed "quick": there is no "quick"; use fast, slow'],
    ["toString", "use fast, slow"],
    ["fast:to=1", 'speed "fast:to=1": there is no option "to"; use by=…, twice'],
    ["fast:by", 'by is ""; write a number, as in by=0.5'],
    ["fast:by=many", 'by is "many"; write a number'],
    ["fast:twice=2", 'twice is "2"; write twice alone'],
    ["fast:", 'there is no option ""'],
  ])("%s is refused with what there is", (text, message) => {
    expect(() => parseSpec("speed", text, known)).toThrow(ArgumentError);
    expect(() => parseSpec("speed", text, known)).toThrow(message);
  });
});

describe("an optimizer by name", () => {
  it("is made with its learning rate", () => {
    expect(makeOptimizer("adam", 0.5)).toBeInstanceOf(Adam);
    expect(makeOptimizer("sgd:nesterov", 0.5)).toBeInstanceOf(Sgd);
    expect(makeOptimizer("rmsprop:alpha=0.9,centered", 0.5).lr).toBe(0.5);
    expect([defaultRate("sgd:momentum=0"), defaultRate("adamw")]).toEqual([0.02, 0.001]);
  });

  it("checks its options itself", () => {
    expect(() => makeOptimizer("sgd:momentum=2", 0.1)).toThrow("sgd: momentum is 2");
  });
});

describe("a schedule by name", () => {
  const rates = (text: string, epochs: number) =>
    Array.from({ length: epochs }, (_, i) => Number(makeSchedule(text, epochs)(i, 1, new Array(i).fill(1)).toFixed(4)));

  it.each<[string, number[]]>([
    ["linear", [1, 0.75, 0.5, 0.25]],
    ["linear:to=0.2", [1, 0.8, 0.6, 0.4]],
    ["cosine", [1, 0.8536, 0.5, 0.1464]],
    ["step:every=2,gamma=0.5", [1, 1, 0.5, 0.5]],
    ["exponential:gamma=0.5", [1, 0.5, 0.25, 0.125]],
    ["warmup:epochs=2", [0.1, 0.55, 1, 0.5]],
    ["plateau:patience=1,factor=0.5", [1, 1, 1, 0.5]],
  ])("%s gives these rates", (text, expected) => expect(rates(text, 4)).toEqual(expected));
});
