import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { assembleModule, FunctionBuilder } from "../../packages/tidu/src/codegen/wasm/assembler.js";
import { generateModule } from "../../packages/tidu/src/codegen/wasm/module.js";
import type { ContractKernel } from "../../packages/tidu/src/compile/kernel.js";
import { compileProgram, type Program } from "../../packages/tidu/src/compile/program.js";
import { makeStorage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { type Joiner, joiner } from "../../packages/tidu/src/runtime/wasm/joiner.js";
import { runOn } from "../support/compare.js";
import { joins } from "../support/joiner.js";
import { Shelf } from "../support/shelf.js";

const el = ops.elementwise;
const usual = joiner.here as Joiner;
afterEach(() => void (joiner.here = usual));

/** x w, added to what there is; a product that is worth sharing or not. */
function accumulate(rows: number) {
  const shelf = new Shelf();
  const [x, w] = [
    ops.fromStorage(shelf.add([rows, 64], "integers", 1)),
    ops.fromStorage(shelf.add([64, 48], "integers", 2)),
  ];
  const total = shelf.add([rows, 48], "integers", 3);
  const product = ops.contract(x, w, { a: ["m", "k"], b: ["k", "n"], out: ["m", "n"] });
  const value = ops.apply(el.add, ops.fromStorage(total), product);
  return { updates: [{ storage: total, value }], contents: shelf.contents };
}

describe("a program that runs again", () => {
  test("gets code for wide vectors once, if it has a kernel that is worth sharing", async () => {
    let compiled = 0;
    joiner.here = {
      ...usual,
      compile(code) {
        compiled++;
        return usual.compile(code);
      },
    };
    const device = new WasmDevice({ threads: 1 });
    expect(device.vectorBits).toBe(256);
    await runOn(device, accumulate(32));
    expect(compiled).toBe(0);
    const wanted = await runOn(device, accumulate(32));
    expect(compiled).toBe(1);
    expect(await runOn(device, accumulate(32))).toEqual(wanted);
    expect([compiled, device.refused, device.compiled]).toEqual([1, 0, 1]);
    for (let run = 0; run < 3; run++) await runOn(device, accumulate(2));
    expect(compiled).toBe(1);
  });

  test("keeps the code that it has if the other leaves something else, and what that left", async () => {
    const idle = assembleModule([new FunctionBuilder(3)], [["run", 0]], true);
    joiner.here = { ...usual, compile: () => new WebAssembly.Module(idle) };
    const device = new WasmDevice({ threads: 1 });
    const plain = new WasmDevice({ threads: 1, wide: false });
    expect(plain.vectorBits).toBe(128);
    for (let run = 0; run < 4; run++) {
      expect(await runOn(device, accumulate(32))).toEqual(await runOn(plain, accumulate(32)));
      expect(device.refused).toBe(run > 0 ? 1 : 0);
    }
    expect(plain.refused).toBe(0);
  });
});

describe("two kinds of code", () => {
  const agree = (start: number[], first: number[], second: number[]) => {
    const memory = Float32Array.from(start);
    const seen: number[][] = [];
    const run = (result: number[]) => () => {
      seen.push([...memory]);
      memory.set(result);
    };
    const same = usual.agree(() => [memory], run(first), run(second));
    return { same, seen, left: [...memory] };
  };

  test("agree where they leave the same bits from the same start; any NaN is as good as another", () => {
    const both = [1, Number.NaN, -0];
    expect(agree([5, 6, 7], both, both)).toEqual({
      same: true,
      seen: [
        [5, 6, 7],
        [5, 6, 7],
      ],
      left: both,
    });
  });

  test("do not where a bit differs; what the first left is then there", () => {
    expect(agree([5], [0], [-0])).toMatchObject({ same: false, left: [0] });
    expect(agree([5], [1], [1 + 2 ** -23])).toMatchObject({ same: false, left: [1] });
    expect(agree([5], [Number.NaN], [1])).toMatchObject({ same: false, left: [Number.NaN] });
  });
});

/** A program's contractions alone, as code for pairs. */
function contractions(program: Program): { bytes: Uint8Array; kernels: ContractKernel[] } {
  const kernels = program.kernels.filter((k): k is ContractKernel => k.kind === "contract");
  return { ...generateModule({ ...program, kernels }, { shared: true, relaxed: true, wide: true }), kernels };
}

/** Products whose results lie along either side's loop, with batches that fill registers, half of them, or parts. */
function layer(batch: number, inputs: number, outputs: number) {
  const x = ops.fromStorage(makeStorage([batch, inputs], "f32"));
  const w = ops.fromStorage(makeStorage([outputs, inputs], "f32"));
  const dy = ops.fromStorage(makeStorage([batch, outputs], "f32"));
  const result = (value: ReturnType<typeof ops.contract>) => ({ storage: makeStorage(value.shape, "f32"), value });
  return compileProgram([
    result(
      ops.apply(
        el.maximum,
        ops.contract(x, w, { a: ["n", "i"], b: ["o", "i"], out: ["n", "o"] }),
        ops.full(0, [batch, outputs]),
      ),
    ),
    result(ops.contract(dy, w, { a: ["n", "o"], b: ["o", "i"], out: ["n", "i"] })),
    result(ops.apply(el.add, w, ops.contract(dy, x, { a: ["n", "o"], b: ["n", "i"], out: ["o", "i"] }))),
  ]).program;
}

// Only V8 says what it joined: that of Node 24, to its standard output.
describe.runIf(joins && process.versions.v8.startsWith("13."))("V8", () => {
  test.each([
    [64, 784, 256],
    [128, 1024, 1024],
    [40, 96, 24],
  ])("joins the sums of a layer: batch %i, %i to %i", async (...sizes) => {
    const { bytes, kernels } = contractions(layer(...sizes));
    const file = join(tmpdir(), `tidu-joining-${process.pid}-${sizes.join("-")}.wasm`);
    await writeFile(file, bytes);
    const flags = [
      "--experimental-wasm-revectorize",
      "--no-liftoff",
      "--no-wasm-lazy-compilation",
      "--no-wasm-inlining",
    ];
    const told = ["--trace-wasm-revectorize", "--single-threaded"];
    const script = `new WebAssembly.Module(require("node:fs").readFileSync(${JSON.stringify(file)}))`;
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...told, "-e", script], {
      maxBuffer: 2 ** 28,
    });
    const functions = stdout.split("Begin revec function wasm-function#").slice(1);
    const joined = functions
      .filter((text) => text.includes("Decide to vectorize"))
      .map((text) => Number.parseInt(text, 10));
    expect(joined).toEqual(expect.arrayContaining(kernels.map((_, i) => i)));
  });
});
