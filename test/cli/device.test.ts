// --device: what commands compute on, what they say of it, and that the weights do not depend on it.
import { readFile } from "node:fs/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { HERE } from "../native/support.js";
import { jsonLines, linesOf, workplace, writeDigits } from "./support.js";

const { path, tidu, lenet } = workplace();
const QUICK = ["--epochs", "2", "--seed", "3", "--no-report", "--threads", "2"];
/** Of all of MNIST. */
const SMALL = ["--samples", "600", ...QUICK];
const weights = (run: string): Promise<Buffer> => readFile(path(run, "model.safetensors"));

const before = { ...process.env };
beforeAll(() => {
  process.env.TIDU_CACHE = path("cache");
});
afterEach(() => {
  process.env = { ...before, TIDU_CACHE: path("cache") };
});

describe("--device", () => {
  it.skipIf(!HERE)("auto takes native code, says so in a line, and leaves the same weights", async () => {
    await writeDigits(path("digits"), path("idx"), 20);
    const train = (...args: string[]) => tidu("train", "idx", "--model", "mlp", ...QUICK, ...args);
    const wasm = await train("--device", "wasm", "--out", "wasm");
    expect(wasm.out).toMatch(/^WebAssembly, 2 threads, Node \S+$/m);
    // From an empty cache, and then from one that has all.
    for (const name of ["cold", "warm"]) {
      const { code, out, errors } = await train("--device", "auto", "--out", name);
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      expect(out).toMatch(/^native code \(.+, (x86-64|armv8).*\), 2 threads, Node \S+$/m);
      expect((await weights(name)).equals(await weights("wasm"))).toBe(true);
    }
    for (const command of [
      ["eval", "cold"],
      ["predict", "cold", path("digits", "7")],
    ]) {
      const [says] = linesOf((await tidu(...command, "--device", "native")).out);
      expect(says).toMatch(/^native code \(.+\), \d+ threads?$/);
      const [first, second] = await Promise.all(
        ["native", "wasm"].map(async (device) => jsonLines((await tidu(...command, "--device", device, "--json")).out)),
      );
      expect(first).toEqual(second);
    }
    // A run goes on where it was computed, or elsewhere.
    const went = await tidu("resume", "wasm", "--epochs", "3", "--device", "native", "--no-report");
    expect(went.out).toMatch(/^native code/m);
    expect((await tidu("resume", "cold", "--epochs", "3", "--device", "wasm", "--no-report")).code).toBe(0);
    expect((await weights("wasm")).equals(await weights("cold"))).toBe(true);
  });

  it("auto does with WebAssembly where there is no compiler, and says what would install one", async () => {
    process.env.CC = path("no-such-compiler");
    const { code, out } = await lenet(...SMALL, "--device", "auto", "--epochs", "1", "--out", "without");
    expect(code).toBe(0);
    expect(out).toMatch(/^WebAssembly, 2 threads \(native code: .*install one.*\), Node/m);
    expect(out).not.toMatch(/WasmDevice|--device/);
    const native = await lenet(...SMALL, "--device", "native");
    expect(native.code).toBe(1);
    expect(linesOf(native.errors)).toHaveLength(1);
    expect(native.errors).toMatch(
      /^tidu: native code: there is no C compiler named .*install one.*, or give --device wasm$/m,
    );
  });

  it("is one of those that there are, with what goes with it; TIDU_DEVICE is the default", async () => {
    const unknown = await lenet(...SMALL, "--device", "cuda");
    expect(unknown).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/Allowed choices are auto, wasm, native, webgpu/),
    });
    const threads = await lenet(...SMALL, "--device", "webgpu");
    expect(threads).toMatchObject({ code: 2, errors: expect.stringMatching(/a graphics card has no --threads/) });
    process.env.TIDU_DEVICE = "abacus";
    const wrong = await tidu("train", "mnist");
    expect(wrong).toMatchObject({ code: 2, errors: expect.stringMatching(/TIDU_DEVICE/) });
  });
});
