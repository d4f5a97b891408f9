// --device: what commands compute on, what they say of it, and that the weights do not depend on it.
import { readFile } from "node:fs/promises";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { compilerThat, HERE } from "../native/support.js";
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

  it.each([
    ["true", /\(native code: true wrote nothing, though it said no error; name another compiler in CC\), Node/],
    ["echo -n", /\(native code: echo -n wrote nothing/],
  ])("auto does with WebAssembly where the compiler is %s, which makes nothing", async (cc, why) => {
    process.env.CC = cc;
    const { code, out, errors } = await lenet(...SMALL, "--device", "auto", "--epochs", "1", "--out", `by ${cc}`);
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(out).toMatch(why);
  });

  it.skipIf(!HERE)("of a run is only preferred by what uses the run, and --device names another", async () => {
    await writeDigits(path("few"), path("few-idx"), 5);
    const ending = ["--model", "mlp", "--epochs", "1", "--device", "native", "--out", "elsewhere"];
    expect((await tidu("train", "few-idx", ...ending)).code).toBe(0);
    // An empty one is none.
    process.env.TIDU_DEVICE = "";
    const commands = [
      ["eval", "elsewhere"],
      ["predict", "elsewhere", path("few", "7")],
      ["report", "elsewhere", "--again"],
    ];
    for (const command of commands) expect((await tidu(...command)).out).toMatch(/^native code \(.*\), \d+ thread/);
    process.env.CC = path("no-such-compiler");
    for (const command of commands) {
      const { code, out, errors } = await tidu(...command);
      expect({ code, errors }).toEqual({ code: 0, errors: "" });
      expect(out).toMatch(/^WebAssembly, \d+ threads? \(native code: there is no C compiler .*\)\n/);
      expect((await tidu(...command, "--device", "wasm")).out).toMatch(/^WebAssembly, \d+ threads?\n/);
      const named = await tidu(...command, "--device", "native");
      expect(named).toMatchObject({ code: 1, errors: expect.stringMatching(/, or give --device wasm\n$/) });
      process.env.TIDU_DEVICE = "native";
      expect((await tidu(...command)).code).toBe(1);
      process.env.TIDU_DEVICE = "";
    }
  });

  it.skipIf(!HERE)(
    "goes on with WebAssembly in a line that advises nothing of a program, if compiling fails",
    async () => {
      const once = path("once");
      // Its threads are compiled, programs are not.
      process.env.CC = compilerThat(
        path(),
        "second-cc",
        `[ -e "${once}" ] && { echo no more >&2; exit 1; }; touch "${once}"`,
      );
      process.env.TIDU_CACHE = path("another-cache");
      const { code, errors } = await lenet(...SMALL, "--device", "native", "--out", "half");
      expect(code).toBe(0);
      expect(errors).toMatch(
        /^tidu: goes on with WebAssembly: native code: .* does not compile a program.*:\nno more$/m,
      );
      expect(errors).not.toMatch(/WasmDevice/);
    },
  );

  it("is told by --help, with its default and its variable", async () => {
    const defaults: Record<string, RegExp> = {
      train: /default: auto, native code where available/,
      resume: /default: that of the run\)/,
      eval: /default: that of the run, or WebAssembly where it is not available/,
      predict: /default: that of the run, or/,
      report: /default: that of the run, or/,
    };
    for (const [command, standard] of Object.entries(defaults)) {
      const help = (await tidu(command, "--help")).out.replaceAll(/\s+/g, " ");
      expect(help).toMatch(standard);
      expect(help).toMatch(/env: TIDU_DEVICE/);
    }
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
