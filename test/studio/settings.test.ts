import { describe, expect, test } from "vitest";
import * as tidu from "../../packages/tidu/src/index.js";
import { zeros } from "../../packages/tidu/src/index.js";
import { KINDS, type KindName, newLayer, settingsOf } from "../../studio/src/engine/layers.js";
import { build } from "../../studio/src/engine/network.js";
import { DATA, fromAddress, startFor, toAddress } from "../../studio/src/engine/settings.js";
import { MOST, thinned } from "../../studio/src/engine/thin.js";
import w from "../../studio/src/playground/playground.words.js";

const kinds = Object.keys(KINDS) as KindName[];

describe("an address", () => {
  test.each(DATA)("says all settings for %s", (data) => {
    const settings = {
      ...startFor(data),
      layers: kinds.map((kind) => newLayer(kind)),
      input: "levels" as const,
      lr: 0.0125,
      l2: 1e-4,
      seed: 77,
    };
    expect(fromAddress(`#${toAddress(settings)}`)).toEqual(settings);
  });

  test("that is damaged gives what can be used, and the start for the rest", () => {
    expect(fromAddress("")).toEqual(startFor("circle"));
    expect(fromAddress("#data=nothing&lr=fast&batch=-3&seed=1e99&loss=&optimizer=x")).toEqual(startFor("circle"));
    const { layers } = fromAddress("#net=linear-0_evil-1_linear-3_dropout-9-rows");
    expect(layers).toEqual([newLayer("linear"), newLayer("linear", { units: 3 }), newLayer("dropout")]);
  });
});

describe("a network", () => {
  test.each(kinds)("has the layer that its code says: %s", (kind) => {
    const { code } = build([newLayer(kind)], zeros([1, 4, 28, 28]), -1).reports[0];
    expect(new Function("nn", `return ${code}`)(tidu.nn)).toBeInstanceOf(tidu.nn.Module);
  });

  test.each(kinds)("names all settings of a layer: %s", (kind) => {
    for (const [name, setting] of Object.entries(settingsOf(kind))) {
      for (const word of [name, ...("choices" in setting ? setting.choices : [])]) expect(w).toHaveProperty(word);
    }
  });

  test("says at the layer what does not fit, and nothing of those behind it", () => {
    const specs = [newLayer("linear", { units: 3 }), newLayer("conv2d"), newLayer("linear", { units: 2 })];
    const { layers, reports } = build(specs, zeros([1, 2]), 2);
    expect(layers).toBeUndefined();
    expect(reports.map(({ shape }) => shape)).toEqual([[3], undefined, undefined]);
    expect(reports[1].error).toMatch(/conv2d\(3, 8, 5\): input is tensor f32 \[1, 3\]; it must be \[samples, channels/);
    expect(reports[2].error).toBeUndefined();
  });

  test("must end with a score for each class", () => {
    expect(build([newLayer("linear", { units: 3 })], zeros([1, 2]), 2).reports[0].error).toContain("expected [2]");
    expect(build([newLayer("linear", { units: 2 })], zeros([1, 2]), 2).layers).toHaveLength(1);
  });
});

test("a curve that is too long keeps its ends and is even", () => {
  const all = thinned(
    Array.from({ length: 30_000 }, (_, i) => i),
    (n) => n,
  );
  expect(all.length).toBeLessThanOrEqual(MOST);
  expect(all.at(-1)).toBe(29_999);
  const gaps = all.slice(1).map((n, i) => n - all[i]);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(61);
});
