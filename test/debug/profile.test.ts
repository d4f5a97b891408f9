// Profiles of programs that are not what a device usually gets.
import { expect, test } from "vitest";
import { compileProgram } from "../../packages/tidu/src/compile/program.js";
import { makeStorage } from "../../packages/tidu/src/graph/node.js";
import { contract, fromStorage } from "../../packages/tidu/src/graph/ops/index.js";
import { profileProgram } from "../../packages/tidu/src/runtime/wasm/profile.js";

test("a program for several runs is profiled in memory for all of them", () => {
  const [x, w, y] = [makeStorage([64, 256], "f32"), makeStorage([256, 256], "f32"), makeStorage([64, 256], "f32")];
  const value = contract(fromStorage(x), fromStorage(w), { a: ["n", "k"], b: ["m", "k"], out: ["n", "m"] });
  const runs = { count: 64, stacked: new Set([x, y]) };
  const { program } = compileProgram([{ storage: y, value }], undefined, undefined, undefined, runs);
  expect(program.runs).toBe(64);
  const [kernel] = profileProgram(program, { portable: true }, 0);
  expect(kernel.kernel.sizes).toEqual([64, 64, 256, 256]);
  expect(kernel.gigaflops).toBeGreaterThan(0);
});
