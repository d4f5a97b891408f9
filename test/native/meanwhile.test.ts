// A device that starts on WebAssembly and moves to native code as it comes: weights are the same to the last bit whenever it does.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NativeDevice } from "tidu/native";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { batchTensors, build } from "../../bench/systems/tidu/network.mjs";
import { workload } from "../../bench/workloads.mjs";
import { CompilingDevice } from "../../packages/tidu/src/runtime/device.js";
import { MeanwhileEngine } from "../../packages/tidu/src/runtime/native/meanwhile.js";
import { Toolchain } from "../../packages/tidu/src/runtime/native/toolchain.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { type Realizer, setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { checkSame } from "../support/compare.js";
import { compilerThat, HERE } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "tidu-native-"));
const { env } = process;
const before = { TIDU_CACHE: env.TIDU_CACHE, CC: env.CC };
afterEach(() => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
  setDevice(undefined);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STEPS = 8;
const MEMORY = 2 ** 30;

/** The weights after some steps; `after` comes between them. */
async function train(device: Realizer, after: (step: number) => unknown = () => {}) {
  setDevice(device);
  const work = workload("mlp");
  const { net, step, evaluate } = build(work);
  const { x, t } = await batchTensors(work);
  const losses: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    await step(x, t);
    if (i % 3 === 2) losses.push(((await (await evaluate(x, t)).data()) as Float32Array)[0]);
    await after(i);
  }
  const weights = await Promise.all([...net.state().values()].map(async (v) => (await v.data()) as Float32Array));
  return [...weights, Float32Array.from(losses)];
}

const deviceWith = (engine: MeanwhileEngine): Realizer =>
  new (class extends CompilingDevice<never, never> {
    readonly name = "both";
    constructor() {
      super(engine as never, undefined);
    }
  })();

describe.skipIf(!HERE)("native code that comes later", () => {
  test.each([
    [0, MEMORY],
    [1, MEMORY],
    [4, MEMORY],
    [STEPS, MEMORY],
  ])(
    "leaves the same weights if it comes after step %i",
    async (moment, memoryLimit) => {
      env.TIDU_CACHE = join(folder, `cache-${moment}`);
      // The threads' library comes at once, programs when this says so.
      const go = join(folder, `go-${moment}`);
      await NativeDevice.create({ threads: 1 });
      env.CC = compilerThat(folder, `waiting-cc-${moment}`, `while [ ! -e "${go}" ]; do sleep 0.02; done`);
      writeFileSync(go, "");
      await NativeDevice.create({ threads: 1 });
      rmSync(go);
      const device = await NativeDevice.create({ threads: 2, meanwhile: "wasm", memoryLimit });
      const wasm = new WasmDevice({ threads: 2, portable: !device.fusedMultiplyAdd });
      const want = await train(wasm);
      const got = await train(device, async (step) => {
        if (step + 1 !== moment) return;
        writeFileSync(go, "");
        for (let i = 0; i < 1000 && device.waiting > 0; i++) await new Promise((done) => setTimeout(done, 20));
        expect(device.waiting).toBe(0);
      });
      if (moment === STEPS) expect(device.waiting).toBe(0);
      else writeFileSync(go, "");
      checkSame(got, want);
      await wasm.close();
    },
    60_000,
  );

  test("is used at once if it was compiled before, and no WebAssembly is made", async () => {
    env.TIDU_CACHE = join(folder, "cache-1");
    const modules: unknown[] = [];
    const { Module } = WebAssembly;
    try {
      const device = await NativeDevice.create({ threads: 2 });
      const want = await train(device);
      const both = await NativeDevice.create({ threads: 2, meanwhile: "wasm", portable: !device.fusedMultiplyAdd });
      WebAssembly.Module = class extends Module {
        constructor(bytes: BufferSource) {
          super(bytes);
          modules.push(bytes);
        }
      };
      if (both.fusedMultiplyAdd === device.fusedMultiplyAdd) checkSame(await train(both), want);
      expect(both.waiting).toBe(0);
      expect(modules).toEqual([]);
    } finally {
      WebAssembly.Module = Module;
    }
  }, 60_000);

  test("is written after the first result", async () => {
    env.TIDU_CACHE = join(folder, "cache-first");
    const engine = new MeanwhileEngine(await Toolchain.find(), 1, { memoryLimit: MEMORY });
    const write = vi.spyOn(engine.native, "compile");
    setDevice(deviceWith(engine));
    const step = compile((x: Tensor) => x.mul(2).sum());
    step.prepare(tensor([1, 2, 3]));
    expect(await (await step(tensor([1, 2, 3]))).item()).toBe(12);
    expect(write).not.toHaveBeenCalled();
    expect(engine.waiting).toBeGreaterThan(0);
    for (let i = 0; i < 1000 && engine.waiting > 0; i++) await new Promise((done) => setTimeout(done, 20));
    expect(write).toHaveBeenCalled();
    expect(await (await step(tensor([1, 2, 3]))).item()).toBe(12);
  }, 60_000);

  test("works on memory that WebAssembly cannot reach, and then is waited for", async () => {
    env.TIDU_CACHE = join(folder, "cache-small");
    // So little of it is WebAssembly's that most lies outside.
    const engine = new MeanwhileEngine(await Toolchain.find(), 2, { memoryLimit: MEMORY }, 1.5 * 2 ** 20);
    const outside = vi.spyOn(engine.native, "allocate");
    const device = deviceWith(engine);
    const wasm = new WasmDevice({ threads: 2, portable: !engine.registers.fused });
    checkSame(await train(device), await train(wasm));
    expect(outside).toHaveBeenCalled();
    await wasm.close();
  }, 60_000);
});
