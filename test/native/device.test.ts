// Native code comes to the same bits as WebAssembly, on any number of threads, and says what is wrong where it cannot be had.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { compile, type Tensor, tensor } from "tidu";
import { NullDevice } from "tidu/debug";
import { NativeDevice } from "tidu/native";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchTensors, build } from "../../bench/systems/tidu/network.mjs";
import { workload } from "../../bench/workloads.mjs";
import { DeviceError } from "../../packages/tidu/src/base/errors.js";
import { generateC } from "../../packages/tidu/src/codegen/c/program.js";
import { compileProgram, type Stages } from "../../packages/tidu/src/compile/program.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { makeNode, makeStorage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { argsortOp } from "../../packages/tidu/src/line/sort.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { hasRelaxedSimd } from "../../packages/tidu/src/runtime/wasm/features.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { checkSame, runOn } from "../support/compare.js";
import { randomNetwork } from "../support/random-network.js";
import { LARGE, type RandomProgram, randomProgram, SMALL } from "../support/random-program.js";
import { HERE } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "tidu-native-"));
const { env } = process;
const before = { TIDU_CACHE: env.TIDU_CACHE, CC: env.CC };
beforeAll(() => void (env.TIDU_CACHE = join(folder, "cache")));
afterAll(() => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete env[name];
    else env[name] = value;
  }
  setDevice(undefined);
  rmSync(folder, { recursive: true, force: true });
});

const runs = (n: number) => n * Number(env.RUNS ?? 1);

describe.skipIf(!HERE)("native code", () => {
  test("of random programs leaves the same bits as WebAssembly, on one thread and on two", async () => {
    const observe = verifier();
    const wasm = new WasmDevice({ threads: 1, portable: true });
    const one = await NativeDevice.create({ threads: 1, portable: true, observe });
    const two = await NativeDevice.create({ threads: 2, portable: true });
    const check = async (program: RandomProgram) => {
      const want = await runOn(wasm, program);
      checkSame(await runOn(one, program), want);
      checkSame(await runOn(two, program), want);
      // Again: what is short then runs at once.
      checkSame(await runOn(one, program), want);
    };
    for (const [programs, numRuns] of [
      [randomProgram(SMALL), 12],
      [randomProgram(LARGE), 4],
      [randomNetwork(), 4],
    ] as const)
      await fc.assert(fc.asyncProperty(programs, check), { numRuns: runs(numRuns), endOnFailure: true });
    expect(one.compiled).toBeGreaterThan(15);
    await wasm.close();
  }, 240_000);

  const train = async (device: WasmDevice | NativeDevice, name: string): Promise<Float32Array[]> => {
    setDevice(device);
    const work = workload(name);
    const { net, step } = build(work);
    const { x, t } = await batchTensors(work);
    for (let i = 0; i < 3; i++) await step(x, t);
    return Promise.all([...net.state().values()].map(async (v) => (await v.data()) as Float32Array));
  };

  test.each(["tiny", "mlp", "lenet"])(
    "trains %s to the same weights",
    async (name) => {
      const modes = hasRelaxedSimd() ? [true, false] : [true];
      for (const portable of modes) {
        const native = await NativeDevice.create({ threads: 2, portable });
        const wasm = new WasmDevice({ threads: 2, portable });
        const got = await train(native, name);
        const want = await train(wasm, name);
        if (!portable && !native.fusedMultiplyAdd) continue;
        expect(got.length).toBeGreaterThan(3);
        checkSame(got, want);
        expect(native.memory.used).toBeGreaterThan(0);
        await wasm.close();
      }
    },
    120_000,
  );

  test("multiplies long rows, in any order of memory, to the same bits as WebAssembly", async () => {
    const [native, wasm] = [
      await NativeDevice.create({ threads: 2, portable: true }),
      new WasmDevice({ threads: 1, portable: true }),
    ];
    const matrix = (rows: number, columns: number, turned: boolean) => {
      const x = fc.sample(fc.float32Array({ minLength: 64, maxLength: 64, min: -1, max: 1, noNaN: true }), 1)[0];
      const values = Float32Array.from({ length: rows * columns }, (_, i) => x[(i * 7 + (i >> 6)) & 63]);
      return turned ? tensor(values, [columns, rows]).permute([1, 0]) : tensor(values, [rows, columns]);
    };
    const pairs = [
      [matrix(37, 300, false), matrix(300, 1100, false)],
      [matrix(1100, 520, true), matrix(520, 37, false)],
      [matrix(130, 2048, false), matrix(2048, 1050, false)],
      [matrix(130, 2048, true), matrix(2048, 1050, true)],
    ];
    const on = async (device: WasmDevice | NativeDevice) => {
      setDevice(device);
      const products = compile((...x: Tensor[]) => pairs.map((_, i) => x[2 * i].matmul(x[2 * i + 1])));
      return Promise.all((await products(...pairs.flat())).map((y) => y.data()));
    };
    checkSame(await on(native), await on(wasm));
    await wasm.close();
  }, 120_000);

  test("times each kernel by itself", async () => {
    const device = new NullDevice();
    setDevice(device);
    await tensor(new Float32Array(1 << 16), [256, 256])
      .matmul(tensor(new Float32Array(1 << 16), [256, 256]))
      .exp()
      .sum()
      .data();
    const { program } = device.programs.at(-1) as Stages;
    const native = await NativeDevice.create({ threads: 2 });
    const kernels = await native.profile(program, 20);
    expect(kernels.map(({ kernel }) => kernel)).toEqual(program.kernels);
    expect(kernels.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    const [product] = kernels.filter(({ kernel }) => kernel.kind === "contract");
    expect(product.gigaflops).toBeGreaterThan(0);
    expect(product.microseconds).toBeGreaterThan(1);
    expect(() => native.profile({} as never)).toThrow("profile: program is {}; it must be a compiled program");
    expect(() => native.profile(program, -1)).toThrow("profile: milliseconds is -1; it must be at least 0");
  }, 60_000);

  test("is kept for the next process, whole or not at all, in a folder that is the user's alone", async () => {
    const cache = join(folder, "kept");
    env.TIDU_CACHE = cache;
    const first = await NativeDevice.create({ threads: 1 });
    const program = fc.sample(randomProgram(SMALL), { numRuns: 1, seed: 7 })[0];
    const want = await runOn(first, program);
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    const libraries = readdirSync(cache).filter((name) => name.endsWith(".so"));
    expect(libraries).toHaveLength(2);
    const files = libraries.map((name) => statSync(join(cache, name)).ino);
    // From the cache, by two devices at once.
    const [again, beside] = await Promise.all([1, 2].map(() => NativeDevice.create({ threads: 1 })));
    checkSame(await runOn(again, program), want);
    checkSame(await runOn(beside, program), want);
    expect(libraries.map((name) => statSync(join(cache, name)).ino)).toEqual(files);
    // Damaged ones are made anew, by another process, since this one has them loaded.
    for (const name of libraries) {
      rmSync(join(cache, name));
      writeFileSync(join(cache, name), "not a library");
    }
    checkSame(await runOn(await NativeDevice.create({ threads: 1 }), program), want);
    expect(libraries.every((name) => statSync(join(cache, name)).size > 1000)).toBe(true);
  }, 60_000);

  test("that cannot be made is an error which says what to do", async () => {
    env.TIDU_CACHE = join(folder, "cache");
    env.CC = join(folder, "no-such-compiler");
    await expect(NativeDevice.create()).rejects.toThrow(DeviceError);
    await expect(NativeDevice.create()).rejects.toThrow(/no C compiler named .*no-such-compiler \(CC\).*install one/);
    delete env.CC;
    await expect(NativeDevice.create({ threads: 0 })).rejects.toThrow(
      "NativeDevice.create: threads is 0; it must be a whole number from 1",
    );
  }, 60_000);
});

test("a sort of one line is one thread's work, however many axes of one step stand before it", () => {
  const registers = { lanes: 16, accumulators: 24, unroll: 4, fused: true };
  const shared = (shape: number[]): number => {
    const value = makeNode(argsortOp, [ops.fromStorage(makeStorage(shape, "i32"))], { axis: shape.length - 1 });
    const { program } = compileProgram([{ storage: makeStorage(shape, "i32"), value }]);
    return generateC(program, registers).stats.shared;
  };
  expect(shared([1, 1, 100])).toBe(0);
  expect(shared([100])).toBe(0);
  expect(shared([3, 1, 100])).toBeGreaterThan(0);
});
