// `tidu experiment`: what it prints, how it asks, and that its answers are those that are kept.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Result } from "../../packages/cli/src/experiment/index.js";
import { linesOf, workplace } from "./support.js";

const { path, tidu, write, onTerminal } = workplace();

const committed = async (name: string): Promise<Result> =>
  JSON.parse(await readFile(fileURLToPath(new URL(`../../experiments/results/${name}.json`, import.meta.url)), "utf8"));

const CHEAPEST = "flip-or-not";

describe("tidu experiment", () => {
  it("lists what there is", async () => {
    const { code, out, errors } = await tidu("experiment");
    expect([code, errors]).toEqual([0, ""]);
    expect(linesOf(out)).toHaveLength(10);
    expect(out).toMatch(/^permuted-pixels +about .*Which data gain nothing from convolution\?$/m);
  });

  it("gives the same numbers again, on any number of threads", async () => {
    const small = ["--seeds", "2", "--set", "samples=100,tested=500,epochs=1", "--json"];
    const [one, two] = [
      await tidu("experiment", "maxout-neighbours", ...small, "--threads", "1"),
      await tidu("experiment", "maxout-neighbours", ...small, "--threads", "2", "--out", "kept.json"),
    ];
    expect([one.code, one.errors]).toEqual([0, ""]);
    const { date: _, ...result } = JSON.parse(one.out);
    const { date: __, ...again } = JSON.parse(two.out);
    expect(again).toEqual(result);
    expect(result.command).toBe("tidu experiment maxout-neighbours --seeds 1,2 --set samples=100,tested=500,epochs=1");
    expect(result.measures[0].values).toHaveLength(2);
    expect(result.comparisons[0]).toMatchObject({ matters: 0.5, sets: [], finding: null });
    expect(JSON.parse(await readFile(path("kept.json"), "utf8"))).toEqual(JSON.parse(two.out));
  });

  it("gives the committed numbers of a seed", async () => {
    // The one whose trial takes the least, without a C compiler at work beside it.
    const { code, out, errors } = await tidu("experiment", CHEAPEST, "--seeds", "1,", "--device", "wasm", "--json");
    expect([code, errors]).toEqual([0, ""]);
    const first = (result: Result) => result.measures.map(({ id, values }) => [id, values[0]]);
    expect(first(JSON.parse(out))).toEqual(first(await committed(CHEAPEST)));
  });

  it("runs a file of your own, and shows tables", async () => {
    const label = '{ en: "seed", zh: "种子" }';
    await write(
      "mine.ts",
      `import { tensor } from "tidu";
       import { experiment } from "@tidu/cli/experiment";
       const text = ${label};
       export default experiment({
         name: "mine", seconds: 1, seeds: 4, settings: { times: 2 },
         words: { question: { en: "How?", zh: "?" }, method: text, verdict: text, labels: { seed: text } },
         measures: { seed: "%" },
         trial: async (seed: number, { times }: { times: number }) => ({ measures: { seed: await tensor([seed]).mul(times).item() } }),
       });`,
    );
    const { code, out, errors } = await tidu("experiment", "./mine.ts", "--seeds", "3,5", "--set", "times=3");
    expect([code, errors]).toEqual([0, ""]);
    expect(out).toMatch(/^How\?\nseeds 3, 5; mean and 95% confidence interval\n/);
    // Two values are too few for an interval of a share.
    expect(out).toMatch(/^seed +12(\.0+)? +– +%$/m);

    const watched = await onTerminal("experiment", "./mine.ts", "--seeds", "3,5").outcome;
    expect(watched.out).toContain("\r\x1b[2Kseed 3: 1 of 2\r\x1b[2Kseed 5: 2 of 2, about ");
    expect(watched.out).toContain("\r\x1b[2KHow?\r\n");
  });
});
