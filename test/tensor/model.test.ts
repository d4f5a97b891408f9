import { setDevice } from "tidu";
import { afterAll, beforeAll, describe, test } from "vitest";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { SlowDevice } from "../support/slow-device.js";
import { trySequences } from "./model/run.js";

const [one, two, reference] = [new WasmDevice({ threads: 1 }), new WasmDevice({ threads: 2 }), new ReferenceDevice()];

beforeAll(() => two.ready());
afterAll(async () => {
  setDevice(undefined);
  await two.close();
});

/** Set RUNS to try more; `npm run test:long` tries as many once more, `npm run fuzz` far more. */
const runs = (usual: number): number => Number(process.env.RUNS ?? 1) * usual;

describe("random sequences of what people do agree with the interpreter", () => {
  test("on the reference device", () => trySequences([reference], runs(30)), 600_000);
  test("on one thread", () => trySequences([one], runs(150)), 600_000);
  test("on two threads", () => trySequences([two], runs(150)), 600_000);
  test("on a device whose programs begin later", () => trySequences([new SlowDevice()], runs(100)), 600_000);
  test("on devices that change", () => trySequences([two, one, reference, new SlowDevice()], runs(100)), 600_000);
});
