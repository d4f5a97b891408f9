// Measuring goes on with the other systems where one cannot run.
import { expect, test } from "vitest";
import { measure } from "../../bench/lib/rounds.mjs";

/** A process that says of itself what the benchmark asks for, and then answers each round with `answer`. */
const system = (name: string, answer: string) => {
  const code = `console.log(JSON.stringify({ version: "1", threads: 1 })); process.stdin.on("data", () => { ${answer} });`;
  return { name, title: name, commands: [{ label: name, command: process.execPath, args: ["-e", code, "--"] }] };
};

test("a system whose first step fails takes no part, with its reason", async () => {
  const works = system("works", `console.log(JSON.stringify({ median: 2, min: 1, steps: 3 }))`);
  const fails = system("fails", `throw new TypeError("no such step")`);
  const [good, bad] = await measure([works, fails], {}, { rounds: 2, seconds: 0.01 });
  expect(good).toMatchObject({ rounds: [2, 2], min: 1, unsupported: undefined });
  expect(bad.unsupported).toBe("fails: TypeError: no such step");
});
