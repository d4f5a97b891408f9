// What compilers make of the helpers that every C program begins with: each is a few instructions, without memory of its own.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { prelude } from "../../packages/tidu/src/codegen/c/prelude.js";
import { COMPILERS } from "./support.js";

/** Functions that do one thing with vectors of some lanes: from addresses, from vectors, from numbers. */
const uses = (n: number): string => `
vf${n} use_spreadquad(I at) { return spreadquad${n}(at); }
vf${n} use_quads(I at) { return quads${n}(${Array.from({ length: n / 4 }, (_, i) => `at + ${64 * i}`).join(", ")}); }
vf${n} use_spread(I at) { return SPREAD${n}(at); }
vf${n} use_fma(vf${n} a, vf${n} b, vf${n} c) { return fma${n}(a, b, c); }
vf${n} use_max(vf${n} a, vf${n} b) { return pmax${n}(a, b); }
vf${n} use_sqrt(vf${n} a) { return sqrt${n}(a); }
vf${n} use_floor(vf${n} a) { return floor${n}(a); }
vi${n} use_pick(vi${n} m, vi${n} a, vi${n} b) { return pick${n}(m, a, b); }
`;
/** Instructions on a processor of such vectors, the return among them, that each may come to. */
const MOST = 12;

describe.skipIf(process.arch !== "x64").each(COMPILERS)("of %s", (compiler) => {
  test.each([
    [8, "x86-64-v3"],
    [16, "x86-64-v4"],
  ])("helpers for %i lanes are instructions alone", (lanes, march) => {
    const text = prelude([4, lanes], true) + uses(lanes);
    const flags = [
      "-O1",
      "-ffp-contract=off",
      "-fno-math-errno",
      `-march=${march}`,
      "-w",
      "-S",
      "-x",
      "c",
      "-",
      "-o",
      "-",
    ];
    const out = execFileSync(compiler, [...flags, "-fomit-frame-pointer"], { input: text, encoding: "utf8" });
    for (const [name] of uses(lanes).matchAll(/use_\w+/g)) {
      const [, body] = new RegExp(`\n${name}:(.*?)\n\t\\.size\t${name},`, "s").exec(out) ?? ["", ""];
      const instructions = body.split("\n").filter((line) => /^\t[a-z]/.test(line));
      expect(instructions.length, body).toBeGreaterThan(1);
      expect(instructions.length, body).toBeLessThanOrEqual(MOST);
      expect(body).not.toMatch(/%[re]?[sb]p\b/);
    }
  });
});
