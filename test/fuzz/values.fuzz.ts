import { setDevice } from "tidu";
import { afterAll, beforeAll, test } from "vitest";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { trySequences } from "../tensor/model/run.js";

const [one, two, reference] = [new WasmDevice({ threads: 1 }), new WasmDevice({ threads: 2 }), new ReferenceDevice()];

beforeAll(() => two.ready());
afterAll(async () => {
  setDevice(undefined);
  await two.close();
});

test("random sequences of what people do agree with the interpreter", async () => {
  await trySequences([one], 10_000);
  await trySequences([two], 10_000);
  await trySequences([two, one, reference], 10_000);
});
