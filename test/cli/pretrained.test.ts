import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findPretrained, makeModel } from "../../packages/cli/src/cli/models/model.js";
import { loadRun } from "../../packages/cli/src/run/index.js";
import { saveOnnx } from "../../packages/onnx/src/index.js";
import { load, nn, ones, serialize } from "../../packages/tidu/src/index.js";
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

  it("reads the outputs of a network that gives features, or of a layer, of images the mean", async () => {
    const shapesOf = async (file: string, features?: string) => {
      const net = await makeModel(await findPretrained(path(file), undefined, features), REQUEST);
      return [...net.state()].map(([name, { shape }]) => `${name} [${shape}]`).sort();
    };
    const conv = ["0.bias [4]", "0.weight [4,1,5,5]"];
    await saveOnnx(nn.sequential(nn.conv2d(1, 4, 5, { stride: 4 }), nn.relu()), path("features.onnx"), [1, 28, 28]);
    const mean = ["head.2.bias [10]", "head.2.weight [10,4]"];
    expect(await shapesOf("features.onnx")).toEqual([...conv, ...mean]);
    expect(await shapesOf("net.onnx", "1")).toEqual([...conv, ...mean]);
    expect(await shapesOf("net.onnx", "2")).toEqual([...conv, "head.bias [10]", "head.weight [10,144]"]);
    // By its name in the file.
    expect(await shapesOf("net.onnx", "/1/Relu_output")).toEqual([...conv, ...mean]);
    await expect(shapesOf("net.onnx", "stem")).rejects.toThrow(
      /^--features stem: there is no such layer or value; there are 0, 1, 2, 3$/,
    );
  });

  it("is refused where nothing of that name could stay", async () => {
    const frozen = async (freeze: string) => makeModel(await findPretrained(path("net.onnx"), freeze), REQUEST);
    await expect(frozen("stem")).rejects.toThrow(/^--freeze stem: no layer of .* has such a name; it has 0, 3$/);
    await expect(frozen("3")).rejects.toThrow(/^--freeze 3: in .* only new layers have such a name; it also has 0$/);
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
    const { out } = await tidu(
      ...["train", "pictures", "--from", "moved.onnx", "--freeze", "^0", "--epochs", "1", "--out", "other"],
    );
    expect(out).toContain("  starts from moved.onnx\n  made anew: 3, linear(144, 10)\n  not trained: 0\n");
    const { model } = JSON.parse(await readFile(path("other/config.json"), "utf8"));
    expect(model.from.sha256).toBe(
      createHash("sha256")
        .update(await readFile(path("moved.onnx")))
        .digest("hex"),
    );
    const other = async (file: string) =>
      saveOnnx(nn.sequential(nn.flatten(), nn.linear(784, 2)), path(file), [1, 28, 28]);
    await other("moved.onnx");
    expect((await tidu("eval", "other")).code).toBe(0);
    await other("other/network/moved.onnx");
    expect((await tidu("eval", "other")).errors).toMatch(
      /^tidu: --from other\/network\/moved\.onnx: it has changed since the run began; put it back/,
    );
  });

  it("is kept with the run, and with those that go on from it", async () => {
    await mkdir(path("source/weights"), { recursive: true });
    for (const name of ["model.json", "weights/w.bin"]) await cp(path(basename(name)), path("source", name));
    const text = await readFile(path("model.json"), "utf8");
    await writeFile(path("source/model.json"), text.replace("w.bin", "weights/w.bin"));
    const train = (data: string, from: string, out: string) =>
      tidu("train", data, "--from", from, "--epochs", "1", "--no-report", "--threads", "1", "--out", out);
    expect((await train("pictures", "source/model.json", "kept")).code).toBe(0);
    await rm(path("source"), { recursive: true });
    expect((await tidu("resume", "kept", "--epochs", "2", "--no-report")).code).toBe(0);
    expect((await train("pictures", "kept", "again")).code).toBe(0);
    await rm(path("kept"), { recursive: true });
    await rename(path("again"), path("elsewhere"));
    const { code, out } = await tidu("predict", "elsewhere", "pictures/3", "--json");
    expect([code, JSON.parse(out).predictions.length]).toEqual([0, 5]);
    const net = (await loadRun(path("elsewhere"))).net;
    expect([...net.state().keys()]).toEqual(["old.weight", "old.bias"]);
    const repeated = await tidu("train", "--config", "elsewhere/config.json", "--out", "repeated");
    expect(repeated.errors).toMatch(/kept: there is no such file or folder/);
    // Only the data and the network are needed where no run's weights are.
    const config = JSON.parse(await readFile(path("elsewhere/config.json"), "utf8"));
    const { start: _, ...model } = config.model;
    const { preprocessedAs: __, ...data } = config.data;
    await writeFile(path("elsewhere/config.json"), JSON.stringify({ ...config, model, data }));
    expect((await tidu("train", "--config", "elsewhere/config.json", "--out", "repeated")).code).toBe(0);
    expect(await readdir(path("repeated/network"))).toEqual(["model.json", "weights"]);
  });

  it("has one input and, unless --features names one, one output", async () => {
    const begin = (...args: string[]) => tidu("train", "pictures", "--epochs", "1", "--out", "refused", ...args);
    await writeFile(path("rows.csv"), `a,b,c\n${"1,2,x\n3,4,y\n".repeat(10)}`);
    await tidu(..."train rows.csv --epochs 1 --out rows --no-report".split(" "));
    await tidu(..."export rows --format onnx --preprocess --out rows.onnx".split(" "));
    expect((await begin("--from", "rows.onnx")).errors).toMatch(
      /^tidu: --from rows\.onnx: it has 2 outputs; name one of them, or a layer, by --features: label, probabilities\n$/,
    );
    expect((await begin("--from", "rows.onnx", "--features", "probabilities")).errors).toMatch(
      /^tidu: --from rows\.onnx: it takes 2 inputs, a, b; use a network that takes one\n$/,
    );
    expect((await begin("--from", "rows", "--features", "0")).errors).toMatch(
      /^tidu: --features: it names a value of a network; give an ONNX file or a model\.json/,
    );
  });

  it("is shown by tidu summary, as a run is", async () => {
    const { out } = await tidu("summary", "net.onnx");
    expect(out).toMatch(/^0 +conv2d\(1, 4, 5\), stride 4 +\[64, 4, 6, 6\]/m);
    expect((await tidu("summary", "run")).out).toMatch(/^3 +linear\(144, 10\)/m);
    expect((await tidu("summary", "rows.onnx", "--features", "probabilities")).errors).toMatch(
      /^tidu: rows\.onnx: it takes 2 inputs/,
    );
    await writeFile(path("weights.safetensors"), await serialize(nn.linear(2, 2)));
    expect((await tidu("summary", "weights.safetensors")).errors).toBe(
      "tidu: weights.safetensors: this is a file of weights, which has no network; give the network's own file\n",
    );
  });

  it("says where the file is damaged", async () => {
    const whole = await readFile(path("net.onnx"));
    await writeFile(path("cut.onnx"), whole.subarray(0, 500));
    const { code, errors } = await tidu("train", "pictures", "--from", "cut.onnx");
    expect([code, errors]).toEqual([1, expect.stringMatching(/^tidu: cut\.onnx: byte \d+: .*protobuf message/)]);
  });

  it("says what does not go together", async () => {
    for (const args of [
      ["--freeze", "a"],
      ["--from", "net.onnx", "--model", "mlp"],
      ["--from", "net.onnx", "--freeze", "("],
      ["--from", "net.onnx", "--freeze", ""],
      ["--from", "net.onnx", "--features", ""],
    ]) {
      const { code, errors } = await tidu("train", "pictures", ...args);
      expect(code).not.toBe(0);
      expect(errors).toMatch(/--f/);
    }
  });
});
