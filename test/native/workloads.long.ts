// Native code comes to the same bits as WebAssembly where contractions are cut differently for the two machines: strided, depthwise and
// transposed convolutions, batches of one and of four.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NativeDevice } from "tidu/native";
import { afterAll, beforeAll, expect, test } from "vitest";
import { batchTensors, build } from "../../bench/systems/tidu/network.mjs";
import { workload } from "../../bench/workloads.mjs";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";

const folder = mkdtempSync(join(tmpdir(), "tidu-workloads-"));
const { TIDU_CACHE } = process.env;
beforeAll(() => void (process.env.TIDU_CACHE = join(folder, "cache")));
afterAll(() => {
  if (TIDU_CACHE === undefined) delete process.env.TIDU_CACHE;
  else process.env.TIDU_CACHE = TIDU_CACHE;
  setDevice(undefined);
  rmSync(folder, { recursive: true, force: true });
});

/** The weights after two steps, or what a network says at inference. */
async function resultOf(device: WasmDevice | NativeDevice, name: string): Promise<Float32Array[]> {
  setDevice(device);
  const work = workload(name);
  const { net, step } = build(work);
  const { x, t } = await batchTensors(work);
  if (work.inference) return [(await (await net.predict(x)).data()) as Float32Array];
  for (let i = 0; i < 2; i++) await step(x, t);
  return Promise.all(net.parameters().map(async (p) => (await p.data()) as Float32Array));
}

test.each(["stride5", "decoder", "signal", "mobile", "mobile-infer", "vgg-infer"])(
  "%s leaves the same bits as WebAssembly",
  async (name) => {
    const wasm = new WasmDevice({ threads: 2, portable: true });
    await wasm.ready();
    const want = await resultOf(wasm, name);
    const native = await resultOf(await NativeDevice.create({ threads: 2, portable: true }), name);
    await wasm.close();
    expect(native).toHaveLength(want.length);
    native.forEach((values, i) => {
      const differing = values.findIndex((v, k) => !Object.is(v, want[i][k]));
      expect(differing, `parameter ${i}`).toBe(-1);
      expect(values).toHaveLength(want[i].length);
    });
  },
  120_000,
);
