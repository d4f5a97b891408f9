import { createHash } from "node:crypto";
import { cp, readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { findPretrained, makeModel } from "../../packages/cli/src/cli/models/model.js";
import { saveOnnx } from "../../packages/onnx/src/index.js";
import { load, nn, ones } from "../../packages/tidu/src/index.js";
import { jsonLines, workplace, writeDigits } from "./support.js";

const { path, tidu } = workplace();
const backbone = () => nn.sequential(nn.conv2d(1, 4, 5, { stride: 4 }), nn.relu(), nn.flatten(), nn.linear(144, 7));
const REQUEST = { inputShape: [1, 28, 28], classes: 10, outputs: 10 };

beforeAll(async () => {
  await saveOnnx(backbone(), path("net.onnx"), [1, 28, 28]);
  await writeDigits(path("pictures"), path("idx"), 5);
});

describe("a trained network with a new head", () => {
  it("gives as many numbers as the data ask for, and what --freeze names stays", async () => {
    const net = await makeModel(await findPretrained(path("net.onnx"), "^0"), REQUEST);
    const state = [...net.state()].map(([name, v]) => `${name} [${v.shape}] ${v.trainable}`);
    expect(state.sort()).toEqual([
      "0.bias [4] false",
      "0.weight [4,1,5,5] false",
      "3.bias [10] true",
      "3.weight [10,144] true",
    ]);
  });

  it("is refused where there is nothing to replace, or nothing of that name", async () => {
    await saveOnnx(nn.sequential(nn.relu()), path("relu.onnx"), [4]);
    await expect(makeModel(await findPretrained(path("relu.onnx"), undefined), REQUEST)).rejects.toThrow(
      /no linear layer/,
    );
    await expect(makeModel(await findPretrained(path("net.onnx"), "stem"), REQUEST)).rejects.toThrow(
      /--freeze stem: no layer of .* has such a name; it has 0, 1, 2, 3/,
    );
  });

  it("may be one of TensorFlow.js, whose softmax at the end passes scores on", async () => {
    const layers = [
      { class_name: "Flatten", config: { name: "flat", batch_input_shape: [null, 28, 28, 1] } },
      { class_name: "Dense", config: { name: "old", units: 3, activation: "softmax" } },
    ];
    const weights = [
      { name: "old/kernel", shape: [784, 3], dtype: "float32" },
      { name: "old/bias", shape: [3], dtype: "float32" },
    ];
    const modelTopology = { class_name: "Sequential", config: { name: "net", layers } };
    await writeFile(
      path("model.json"),
      JSON.stringify({ modelTopology, weightsManifest: [{ paths: ["w.bin"], weights }] }),
    );
    await writeFile(path("w.bin"), new Uint8Array(785 * 3 * 4));
    const net = await makeModel(await findPretrained(path("model.json"), undefined), REQUEST);
    const scores = await net.predict(ones([1, 1, 28, 28]));
    expect(scores.shape).toEqual([1, 10]);
    expect(Math.abs((await scores.sum().item()) - 1)).toBeGreaterThan(1e-3);
    const { code, errors } = await tidu(
      "train",
      "pictures",
      "--from",
      "model.json",
      "--epochs",
      "1",
      "--out",
      "from-tfjs",
    );
    expect([code, errors]).toEqual([0, ""]);
    expect((await tidu("eval", "from-tfjs", "--json")).code).toBe(0);
  });

  it("trains by the command, evaluates after it, and leaves the frozen layers as they were", async () => {
    const { code, errors } = await tidu(
      "train",
      "pictures",
      "--from",
      "net.onnx",
      "--freeze",
      "^0$",
      "--epochs",
      "2",
      "--out",
      "run",
    );
    expect(errors).toBe("");
    expect(code).toBe(0);
    const evaluated = await tidu("eval", "run", "--json");
    expect(evaluated.code).toBe(0);
    expect(jsonLines(evaluated.out).length).toBeGreaterThan(0);
    const before = await makeModel(await findPretrained(path("net.onnx"), undefined), REQUEST);
    const after = await load(
      await makeModel(await findPretrained(path("net.onnx"), undefined), REQUEST),
      path("run/model.safetensors"),
    );
    const values = async (net: nn.Module, name: string) => (await net.state().get(name)?.data()) ?? [];
    expect(await values(after, "0.weight")).toEqual(await values(before, "0.weight"));
    expect(await values(after, "3.weight")).not.toEqual(await values(before, "3.weight"));
  });

  it("says where it came from, and does not take another file in its place", async () => {
    await cp(path("net.onnx"), path("moved.onnx"));
    const { out } = await tidu("train", "pictures", "--from", "moved.onnx", "--epochs", "1", "--out", "other");
    expect(out).toContain("starts from moved.onnx, whose last linear layer is made anew");
    const { model } = JSON.parse(await readFile(path("other/config.json"), "utf8"));
    expect(model.from.sha256).toBe(
      createHash("sha256")
        .update(await readFile(path("moved.onnx")))
        .digest("hex"),
    );
    await saveOnnx(nn.sequential(nn.flatten(), nn.linear(784, 2)), path("moved.onnx"), [1, 28, 28]);
    expect((await tidu("eval", "other")).errors).toMatch(/moved\.onnx: it has changed since the run was begun; put it/);
  });

  it("says what does not go together", async () => {
    for (const args of [
      ["--freeze", "a"],
      ["--from", "net.onnx", "--model", "mlp"],
      ["--from", "net.onnx", "--freeze", "("],
    ]) {
      const { code, errors } = await tidu("train", "pictures", ...args);
      expect(code).not.toBe(0);
      expect(errors).toMatch(/--f/);
    }
  });
});
