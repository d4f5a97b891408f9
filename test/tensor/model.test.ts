import { setDevice } from "tidu";
import { afterAll, beforeAll, describe, test } from "vitest";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { trySequences } from "./model/run.js";

const [one, two, reference] = [new WasmDevice({ threads: 1 }), new WasmDevice({ threads: 2 }), new ReferenceDevice()];

beforeAll(() => two.ready());
afterAll(async () => {
  setDevice(undefined);
  await two.close();
});

// `npm run fuzz` tries more.
describe("random sequences of what people do agree with the interpreter", () => {
  test("on the reference device", () => trySequences([reference], 60), 600_000);
  test("on one thread", () => trySequences([one], 300), 600_000);
  test("on two threads", () => trySequences([two], 300), 600_000);
  test("on devices that change", () => trySequences([two, one, reference], 200), 600_000);
});
