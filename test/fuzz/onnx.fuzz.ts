import { describe, it } from "vitest";
import { onnxFormat } from "../onnx/support/damage.js";
import { onOneThread } from "../onnx/support/device.js";
import { checkRewired } from "../onnx/support/rewire.js";
import { checkDamaged } from "./damage.js";

onOneThread();

const CASES = 20_000;

describe(`${CASES} ONNX models`, () => {
  it("with damaged bytes", async () => checkDamaged(await onnxFormat(), CASES));
  it.each([2, 3, 4, 5, 6])("that say other things (%i)", async (seed) => {
    checkRewired(await onnxFormat(), CASES, seed);
  });
});
