import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { zeros } from "../../packages/tidu/src/index.js";
import { KINDS, type KindName, newLayer, type Setting, settingsOf } from "../../studio/src/engine/layers.js";
import { misfitOf } from "../../studio/src/engine/misfit.js";
import { makeLayer } from "../../studio/src/engine/network.js";

const anyOf = (setting: Setting): fc.Arbitrary<number | string> => {
  if ("choices" in setting) return fc.constantFrom(...setting.choices);
  if (setting.step !== 1) return fc.constantFrom(setting.least, setting.first, setting.most);
  return fc.integer({ min: setting.least, max: Math.min(setting.most, setting.least + 12) });
};
const layerOf = (kind: KindName) =>
  fc
    .record(Object.fromEntries(Object.entries(settingsOf(kind)).map(([name, setting]) => [name, anyOf(setting)])))
    .map((values) => newLayer(kind, values));
const shapes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });

describe.each(Object.keys(KINDS) as KindName[])("%s", (kind) => {
  test("is said not to fit exactly where the engine refuses it", () => {
    fc.assert(
      fc.property(layerOf(kind), shapes, fc.boolean(), (spec, shape, whole) => {
        const x = zeros([2, ...shape]);
        const run = (training: boolean) => {
          const layer = makeLayer(spec, shape);
          layer.during(training, () => layer.forward(whole ? x.toInt() : x));
        };
        const misfit = misfitOf(spec, shape, whole);
        if (misfit === undefined) {
          run(false);
          run(true);
        } else expect(() => [run(false), run(true)], JSON.stringify([spec, shape, whole, misfit])).toThrow();
      }),
      { numRuns: 150 },
    );
  });
});
