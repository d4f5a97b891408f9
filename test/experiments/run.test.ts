import { describe, expect, it } from "vitest";
import { filled } from "../../packages/cli/src/experiment/filled.js";
import { experiment, runExperiment } from "../../packages/cli/src/experiment/index.js";

const text = (en: string) => ({ en, zh: en });
const made = experiment({
  name: "made",
  words: {
    question: text("?"),
    method: text("how"),
    verdict: text("so"),
    labels: { a: text("A"), b: text("B"), by: text("by"), size: text("size"), pause: text("pause") },
  },
  seconds: 1,
  seeds: 3,
  settings: { factor: 10 },
  measures: { a: "%", b: "%" },
  comparisons: [["a", "b", 5]],
  curves: { by: { unit: "%", x: { label: text("x"), unit: "px", values: [1, 2] } } },
  trial: async (seed, { factor }) => ({
    measures: { a: seed * factor, b: factor },
    curves: { by: [seed, seed / 3] },
  }),
  counted: { size: "products" },
  counts: async ({ factor }) => ({ size: factor }),
  timed: { pause: "µs" },
  times: async () => ({ pause: [1, 3] }),
});

describe("an experiment", () => {
  it("gives for each measure its values, mean and interval, and for each pair the differences", async () => {
    const { seeds, measures, comparisons, curves, counts, times } = await runExperiment(made);
    expect(seeds).toEqual([1, 2, 3]);
    expect(measures.map(({ id, values, mean, n }) => [id, values, mean, n])).toEqual([
      ["a", [10, 20, 30], 20, 3],
      ["b", [10, 10, 10], 10, 3],
    ]);
    // Too few for the bootstrap.
    expect(measures[1]).toMatchObject({ low: null, high: null });
    expect(comparisons).toMatchObject([
      { id: "a-b", a: "a", b: "b", unit: "points", label: { en: "A − B" }, values: [0, 10, 20], mean: 10, n: 3 },
    ]);
    // t = 4.30265, s = 10: 4.30265 · 10 / √3.
    expect(comparisons[0].high).toBeCloseTo(34.8414, 4);
    expect(curves[0].points.map(({ x, mean }) => [x, mean])).toEqual([
      [1, 2],
      [2, 0.666667],
    ]);
    expect(counts).toMatchObject([{ id: "size", value: 10, unit: "products" }]);
    expect(times).toBeUndefined();
  });

  it("takes other seeds and settings, and times where the machine is named", async () => {
    const { settings, measures, times } = await runExperiment(made, {
      seeds: [7],
      settings: { factor: 2 },
      machine: "M",
    });
    expect(settings).toEqual({ factor: 2 });
    expect(measures[0]).toMatchObject({ values: [14], mean: 14, low: null, high: null });
    expect(times).toMatchObject({ machine: "M", measures: [{ id: "pause", values: [1, 3], mean: 2 }] });
  });

  it("takes its seeds for two sets, and says what both establish", async () => {
    const found = async (...seeds: number[]) => (await runExperiment(made, { seeds })).comparisons[0];
    expect(await found(2, 3, 4)).toMatchObject({ matters: 5, sets: [], finding: null });
    const { sets, finding } = await found(2, 3, 4, 2, 3, 4);
    expect(sets).toEqual([expect.objectContaining({ mean: 20, n: 3 }), expect.objectContaining({ mean: 20, n: 3 })]);
    // 20 ± 24.8: not established; from 20 to 21 in both sets it is more.
    expect(finding).toBe("open");
    expect((await found(3, 3, 3, 3, 3, 3)).finding).toBe("more");
    expect((await found(1, 1, 1, 1)).finding).toBe("alike");
  });

  it("writes numbers of its result into texts, in both languages", async () => {
    const result = await runExperiment({ ...made, counts: async () => ({ size: 12345 }) });
    const says = (en: string) => filled(text(en), result);
    expect(says("{a} and {a-b:size}, {a-b:interval}; {size}; {by@2}").en).toBe("20.0 and 10, −15 to 35; 12,345; 0.667");
    expect(says("{a-b:interval}").zh).toBe("−15 到 35");
    expect(() => says("{c}")).toThrow('the result of made has no "c"');
  });

  it("refuses settings that it does not have, and numbers that are none", async () => {
    await expect(runExperiment(made, { settings: { sample: 1 } })).rejects.toThrow(
      'experiment made: there is no setting "sample"; there are factor',
    );
    await expect(runExperiment(made, { seeds: [] })).rejects.toThrow("seeds is []");
    const broken = { ...made, trial: async () => ({ measures: { a: 1, b: Number.NaN }, curves: { by: [1, 2] } }) };
    await expect(runExperiment(broken)).rejects.toThrow('its trial gave NaN for "b"; it must be a finite number');
    const short = { ...made, trial: async () => ({ measures: { a: 1, b: 1 }, curves: { by: [1] } }) };
    await expect(runExperiment(short)).rejects.toThrow('its trial gave undefined for "by at 2"');
  });
});
