import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportOnnx, loadOnnx, saveOnnx } from "../../packages/onnx/src/index.js";
import { decode } from "../../packages/onnx/src/proto/message.js";
import { ModelMessage } from "../../packages/onnx/src/proto/schema.js";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { expectSameInRuntime, expectSameOutputs, randomize } from "./support/compare.js";
import { onOneThread } from "./support/device.js";
import { opsOf } from "./support/graph.js";
import { LAYERS } from "./support/layers.js";
import { NETWORKS } from "./support/networks.js";

onOneThread();

/** What `nn` has beside layers: functions of tensors and of networks. */
const FUNCTIONS = ["attend", "rotary", "summary"];

describe("every layer, in ONNX Runtime", () => {
  it("is in the table of cases", () => {
    const makers = Object.entries(nn).filter(([name, made]) => typeof made === "function" && /^[a-z]/.test(name));
    expect([...Object.keys(LAYERS), ...FUNCTIONS].sort()).toEqual(makers.map(([name]) => name).sort());
  });

  const cases = Object.values(LAYERS).flatMap((list) =>
    list.map((c) => ({ ...c, name: `${c.make()} of [${c.input}]` })),
  );
  it.each(cases)("$name", async ({ make, input, dtype, ops }) => {
    const net = randomize(make(), 1);
    const model = await exportOnnx(net, input, { dtype });
    expect(opsOf(model)).toEqual(ops);
    await expectSameInRuntime(net, model, input, dtype);
  });
});

describe("a file", () => {
  it("says what it is", async () => {
    const net = nn.sequential(nn.linear(3, 2), nn.relu());
    const model = decode(ModelMessage, await exportOnnx(net, [3], { name: "small" }), "x");
    expect(model).toMatchObject({ ir_version: 8, producer_name: "tidu", opset_import: [{ version: 17 }] });
    expect(model.graph).toMatchObject({ name: "small", input: [{ name: "input" }], output: [{ name: "output" }] });
    expect(model.graph?.input[0].type?.tensor_type?.shape?.dim).toMatchObject([
      { dim_param: "batch" },
      { dim_value: 3 },
    ]);
    expect(model.graph?.initializer.map(({ name, dims }) => [name, ...dims])).toEqual([
      ["0.weight", 2, 3],
      ["0.bias", 2],
    ]);
    expect(model.graph?.node.map(({ name }) => name)).toEqual(["/0/Gemm", "/1/Relu"]);
  });

  it("fixes the number of samples if asked", async () => {
    const model = decode(ModelMessage, await exportOnnx(nn.flatten(), [2, 3], { batchSize: 4 }), "x");
    const [input, output] = [model.graph?.input[0], model.graph?.output[0]].map((v) =>
      v?.type?.tensor_type?.shape?.dim.map((d) => d.dim_value),
    );
    expect([input, output]).toEqual([
      [4, 2, 3],
      [4, 6],
    ]);
  });

  it("is the same for the same network, and is saved whole and loaded", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tidu-onnx-"));
    try {
      const net = randomize(nn.sequential(nn.linear(3, 2), nn.tanh()), 1);
      const path = join(folder, "net.onnx");
      await saveOnnx(net, path, [3]);
      expect(new Uint8Array(await readFile(path))).toEqual(await exportOnnx(net, [3]));
      await expectSameOutputs(net, await loadOnnx(path), [3]);
      await writeFile(path, "no model");
      await expect(loadOnnx(path)).rejects.toThrow(`${path}: byte`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("leaves the network as it was", async () => {
    const net = nn.sequential(nn.linear(3, 2), nn.batchNorm1d(2));
    net.layers[1].eval();
    await exportOnnx(net, [3]);
    expect([net.training, net.layers[0].training, net.layers[1].training]).toEqual([true, true, false]);
  });
});

describe("whole networks, in ONNX Runtime", () => {
  it.each(Object.entries(NETWORKS))("%s", async (_, { make, input }) => {
    const net = randomize(make(), 2);
    await expectSameInRuntime(net, await exportOnnx(net, input), input);
  });
});
