import { describe, expect, it } from "vitest";
import { exportOnnx, importOnnx } from "../../packages/onnx/src/index.js";
import { tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { loadGolden, readGoldenBytes } from "../goldens/load.js";
import { expectClose } from "../nn/support/close.js";
import { expectSameInRuntime } from "./support/compare.js";
import { onOneThread } from "./support/device.js";

onOneThread();

const goldens = loadGolden("exchange").cases.filter(({ file }) => file.endsWith(".onnx"));

describe("files of PyTorch's exporter", () => {
  it.each(goldens)("$name gives PyTorch's outputs", async (golden) => {
    const net = importOnnx(readGoldenBytes(golden), { file: golden.file });
    const { data, shape } = golden.input;
    await expectClose("output", await net.predict(tensor(data, shape)), golden.output, 1e-5);
    // One sample, where the example that the exporter followed had one, is as good as three.
    const first = tensor(data.subarray(0, data.length / 3), [1, ...shape.slice(1)]);
    const { data: outputs, shape: all } = golden.output;
    await expectClose(
      "first output",
      await net.predict(first),
      { data: outputs.subarray(0, all[1]), shape: [1, all[1]] },
      1e-5,
    );
  });

  it.each(goldens)("$name can be written again", async ({ input, ...golden }) => {
    const net = importOnnx(readGoldenBytes(golden));
    const sample = input.shape.slice(1);
    await expectSameInRuntime(net, await exportOnnx(net, sample), sample);
  });

  it.each(goldens.filter(({ state }) => state.length > 0))("$name keeps PyTorch's names", (golden) => {
    const net = importOnnx(readGoldenBytes(golden));
    expect([...net.state().keys()].sort()).toEqual([...golden.state].sort());
    expect(net.namedParameters().size).toBe(golden.state.filter((name) => !/running|tracked/.test(name)).length);
  });
});
