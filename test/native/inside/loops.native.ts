// Loops of every kind of step on native code: the same bits as on WebAssembly, with their gradients' gradients.
import { afterAll, expect, test } from "vitest";
import { NativeDevice } from "../../../packages/tidu/src/native.js";
import { WasmDevice } from "../../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../../packages/tidu/src/tensor/realizer.js";
import { bodies } from "../../loop/support/bodies.js";
import { resultsTogether } from "../../loop/support/results.js";

afterAll(() => setDevice(undefined));

test("loops leave the bits of WebAssembly", async () => {
  const wasm = new WasmDevice({ threads: 1, portable: true });
  const native = await NativeDevice.create({ threads: 2, portable: true });
  setDevice(wasm);
  const want = await resultsTogether(bodies, true, true);
  expect(want.length).toBeGreaterThan(80);
  setDevice(native);
  expect(await resultsTogether(bodies, true, true)).toEqual(want);
  await wasm.close();
});
