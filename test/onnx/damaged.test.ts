import { describe, it } from "vitest";
import { checkDamaged } from "../fuzz/damage.js";
import { onnxFormat } from "./support/damage.js";
import { onOneThread } from "./support/device.js";
import { checkRewired } from "./support/rewire.js";

onOneThread();

const CASES = 500;
/** Cases of other contents, which are quick. */
const CONTENTS = 5000;

describe("a model is refused with its name, or gives a network", () => {
  it("whatever happens to its bytes, and takes no more memory than it should", async () => {
    await checkDamaged(await onnxFormat(), CASES);
  });
  it("whatever it says", async () => checkRewired(await onnxFormat(), CONTENTS));
});
