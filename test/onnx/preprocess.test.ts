// Raw inputs, meanings and versions of operators in exported files, in ONNX Runtime.
import * as ort from "onnxruntime-web/wasm";
import { describe, expect, it } from "vitest";
import { type ExportOptions, exportOnnx } from "../../packages/onnx/src/index.js";
import { nn, tensor } from "../../packages/tidu/src/index.js";
import { open, run } from "./support/runtime.js";

const net = (): nn.Module =>
  nn.sequential(
    nn.conv2d(2, 4, 3),
    nn.batchNorm2d(4),
    nn.maxPool2d(2),
    nn.layerNorm([3, 3]),
    nn.flatten(),
    nn.maxout(36, 5, 2),
    nn.softmax(1),
  );

describe("exportOnnx", () => {
  it.each([13, 14, 15, 16, 17, 18, 19, 20, 21])("writes version %d of the operators", async (opset) => {
    const own = net();
    const x = tensor(
      Float32Array.from({ length: 3 * 2 * 64 }, (_, i) => Math.sin(i)),
      [3, 2, 8, 8],
    );
    const { data } = await run(await open(await exportOnnx(own, [2, 8, 8], { opset })), x);
    const wanted = await (await own.predict(x)).data();
    data.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThan(1e-6));
    expect(data).toHaveLength(15);
  });

  it("computes inputs of raw columns, and nothing of missing ones", async () => {
    const session = await open(
      await exportOnnx(nn.sequential(), [5], {
        inputs: [
          { kind: "number", name: "far", mean: 1e9, deviation: 2, missing: true },
          { kind: "number", name: "near", mean: 1, deviation: 1 },
          { kind: "category", name: "色", categories: ["", "red"] },
        ],
      }),
    );
    const double = (...values: number[]) => new ort.Tensor("float64", values, [values.length, 1]);
    const feeds = {
      far: double(1e9 + 1, Number.NaN, 1e9),
      near: double(4, 1, Number.NaN),
      色: new ort.Tensor("string", ["red", "", "blue"], [3, 1]),
    };
    const { output } = await session.run(feeds);
    expect([...(output.data as Float32Array)]).toEqual([0.5, 0, 3, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
  });

  it("computes an input of whole samples, channel by channel", async () => {
    const inputs = [{ kind: "sample", name: "pixels", dtype: "u8", means: [10, 20], deviations: [5, 10] }] as const;
    const session = await open(await exportOnnx(nn.flatten(), [2, 1, 2], { inputs, batchSize: 1 }));
    const pixels = new ort.Tensor("uint8", Uint8Array.of(10, 15, 20, 255), [1, 2, 1, 2]);
    expect([...((await session.run({ pixels })).output.data as Float32Array)]).toEqual([0, 1, 0, 23.5]);
  });

  it.each<[string, ExportOptions, RegExp]>([
    ["a version that is not known", { opset: 12 }, /exportOnnx: opset is 12; it must be a whole number from 13 to 21/],
    [
      "another width",
      { inputs: [{ kind: "category", name: "c", categories: ["x"] }] },
      /inputs give 1 features.*\[2\]/,
    ],
    [
      "an input of no kind",
      { inputs: [{ kind: "image", name: "c" } as never] },
      /inputs\[0\]\.kind is "image"; it must be "number" or "date" or "features" or "category" or "sample"/,
    ],
    [
      "an unknown field",
      { inputs: [{ kind: "category", name: "c", categories: [], mean: 1 } as never] },
      /inputs\[0\] has no "mean"/,
    ],
    [
      "a name twice",
      { inputs: [1, 2].map(() => ({ kind: "number" as const, name: "c", mean: 0, deviation: 1 })) },
      /the name "c" is empty or used twice/,
    ],
    [
      "too many classes",
      { outputs: { classes: ["a", "b", "c", "d"] } },
      /outputs has 4 classes; the network gives \[3\]/,
    ],
    ["no meaning", { outputs: {} }, /outputs has neither classes nor values/],
  ])("refuses %s", async (_, options, message) => {
    await expect(exportOnnx(nn.linear(2, 3), [2], options)).rejects.toThrow(message);
  });
});
