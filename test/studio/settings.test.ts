import { describe, expect, test } from "vitest";
import { MOST, thinned } from "../../packages/cli/src/studio/thin.js";
import * as tidu from "../../packages/tidu/src/index.js";
import { zeros } from "../../packages/tidu/src/index.js";
import { type Change, changesFromText, changesToText } from "../../studio/src/engine/changes.js";
import { KINDS, type KindName, type LayerSpec, newLayer, settingsOf } from "../../studio/src/engine/layers.js";
import { build } from "../../studio/src/engine/network.js";
import { DATA, fromAddress, notTaken, startFor, toAddress } from "../../studio/src/engine/settings.js";
import w from "../../studio/src/playground/playground.words.js";
import { PRESETS } from "../../studio/src/playground/presets.js";

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
      device: "webgpu" as const,
    };
    expect(fromAddress(`#${toAddress(settings)}`)).toEqual(settings);
  });

  test("of before says what it said: what came later is left out at its first value", () => {
    const address = toAddress(startFor("circle"));
    expect(address).not.toMatch(/share|features|device/);
    const more = { ...startFor("spiral"), share: 20, features: ["x", "xy", "siny"] as const };
    expect(fromAddress(toAddress(more))).toEqual(more);
    expect(fromAddress("#data=hills&loss=crossEntropy").loss).toBe("mse");
  });

  test("is taken as it stands, or what is not is named", () => {
    for (const data of DATA)
      expect(
        notTaken(toAddress({ ...startFor(data), layers: kinds.map((kind) => newLayer(kind)), share: 20 })),
      ).toEqual([]);
    for (const { address } of PRESETS) expect(notTaken(address)).toEqual([]);
    expect(notTaken("#lr=0.030&features=y_x&net=linear-8_tanh_linear-2&then=&other=1")).toEqual([]);
    // Nothing but blanks is no number.
    expect([notTaken("#lr=+"), fromAddress("#lr=+").lr]).toEqual([["lr"], 0.03]);
    const wrong = "#data=plane&loss=meanSquare&lr=abc&noise=99&batch=2.5&features=x_z&device=abacus";
    expect(notTaken(wrong)).toEqual(["data", "loss", "lr", "noise", "batch", "features", "device"]);
    // What goes in whole steps is whole: nothing is rounded without a word.
    expect(notTaken("#seed=1.5&share=12.5&net=linear-1.5")).toEqual(["seed", "share", "net"]);
    expect(fromAddress("#seed=1.5&net=linear-1.5_linear-2")).toMatchObject({
      seed: 1,
      layers: [newLayer("linear"), newLayer("linear", { units: 2 })],
    });
    for (const net of ["foo-8_bar", "linear-99999999_linear-2", "linear-8_tanhh_linear-2", "conv2d-8-x"])
      expect(notTaken(`net=${net}`)).toEqual(["net"]);
  });

  test("says changes on the way, and leaves out damaged ones", () => {
    const changes: readonly Change[] = [
      { at: 3, what: "lr", value: 0.0025 },
      { at: 10, what: "l1", value: 1e-7 },
      { at: 25, what: "p", layer: 5, value: 0.5 },
      { at: 40, what: "weight", layer: 0, parameter: "weight", index: 2, value: -1.5 },
    ];
    const layers = [...Array.from({ length: 5 }, () => newLayer("linear")), newLayer("dropout")];
    expect(changesFromText(changesToText(changes), layers)).toEqual(changes);
    const damaged =
      "x*lr*1_3*lr*99_3*evil*1_-1*lr*1_3*p*5*2_3*weight*0*bias*-1*2_3*lr_*lr*1_3*lr* _3*weight*0*bias*0*1e39";
    // Only dropout layers drop, and layers that are not there have no weights.
    const elsewhere = "3*p*0*0.5_3*p*6*0.5_3*weight*6*weight*0*1";
    expect(changesFromText(`${damaged}_${elsewhere}_5*l2*0.5`, layers)).toEqual([{ at: 5, what: "l2", value: 0.5 }]);
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
    expect(reports[1].error).toEqual({ code: "axes", shape: [3], wanted: "map" });
    expect(reports[2].error).toBeUndefined();
  });

  test("must end with a score for each class", () => {
    expect(build([newLayer("linear", { units: 3 })], zeros([1, 2]), 2).reports[0].error).toEqual({
      code: "end",
      shape: [3],
      outputs: 2,
    });
    expect(build([newLayer("linear", { units: 2 })], zeros([1, 2]), 2).layers).toHaveLength(1);
  });

  test("of maps must make them flat, and says so", () => {
    const linear = newLayer("linear", { units: 10 });
    const codeOf = (...specs: LayerSpec[]) => build(specs, zeros([1, 1, 28, 28]), 10).reports.at(-1)?.error?.code;
    expect(codeOf(newLayer("linear"), newLayer("relu"), linear)).toBe("flat");
    expect(codeOf(newLayer("conv2d"))).toBe("flatEnd");
    expect(codeOf(newLayer("flatten"), newLayer("linear"))).toBe("end");
    expect(codeOf(newLayer("flatten"), linear)).toBeUndefined();
  });
});

test("a curve that is too long keeps its ends and its peaks, and is even", () => {
  const list = Array.from({ length: 30_000 }, (_, i) => ({ at: i, value: i % 7919 === 7918 ? 100 : Math.sin(i) }));
  const all = thinned(
    list,
    ({ at }) => at,
    ({ value }) => [value],
  );
  expect(all.length).toBeLessThanOrEqual(MOST);
  expect([all[0].at, all.at(-1)?.at]).toEqual([0, 29_999]);
  expect(all.filter(({ value }) => value === 100).length).toBe(3);
  const gaps = all.slice(1).map(({ at }, i) => at - all[i].at);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * Math.ceil(30_000 / (MOST / 3)));
});
