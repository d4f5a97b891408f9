import { describe, expect, test } from "vitest";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import { clipByNorm, clipByValue, gradientNorm } from "../../packages/tidu/src/optim/index.js";
import { tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { type ClipCase, loadGolden } from "../goldens/load.js";
import { expectClose, expectNumbers } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";

const clips = loadGolden("optimizers").cases.filter((c) => c.kind === "clip");

async function check({ clip, gradients, clipped, totalNorm }: ClipCase): Promise<void> {
  const given = Object.values(gradients).map((g) => tensor(g.data, g.shape));
  const order = clip.kind === "norm" && clip.normType !== "inf" ? clip.normType : Number.POSITIVE_INFINITY;
  const got = clip.kind === "norm" ? clipByNorm(given, clip.max, order) : clipByValue(given, clip.max);
  for (const [i, [name, want]] of Object.entries(clipped).entries()) await expectClose(name, got[i], want);
  if (totalNorm !== undefined) expectNumbers("norm", [await gradientNorm(given, order).item()], [totalNorm]);
}

onEveryDevice(() => {
  describe("clipping is as PyTorch's", () => {
    for (const golden of clips) test(golden.name, () => check(golden));
  });
});

test("a limit must be a finite number above 0", () => {
  for (const limit of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => clipByNorm([tensor([1])], limit)).toThrow(ArgumentError);
    expect(() => clipByValue([tensor([1])], limit)).toThrow(ArgumentError);
  }
  expect(() => gradientNorm([])).toThrow(ArgumentError);
});
