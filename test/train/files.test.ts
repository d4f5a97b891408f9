import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize, FormatError, load, nn, ShapeError, save, serialize, setDevice, TiduError, tensor } from "tidu";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../packages/tidu/src/io/safetensors.js";
import { loadGolden, readGoldenBytes } from "../goldens/load.js";
import { onOneThread } from "../support/one-thread.js";
import { all, classifier, failure, lenet, points, trainerOf } from "./support.js";

onOneThread();
afterAll(() => setDevice(undefined));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-models-"));
});
afterEach(() => rm(folder, { recursive: true }));

const weights = (net: nn.Module) => Promise.all([...net.state().values()].map((p) => p.data()));
const golden = (name: string) => loadGolden("safetensors").cases.find((c) => c.name === name)!;

describe("save and load", () => {
  it("bring a trained network back bit for bit, which then goes on training", async () => {
    const [net, other] = [classifier(), classifier()];
    await all(trainerOf(net).fit(points(30)));
    const path = join(folder, "model.safetensors");
    await save(net, path);
    expect(await load(other, path)).toBe(other);
    expect(await weights(other)).toEqual(await weights(net));
    // What was loaded is not drawn anew.
    const trainer = trainerOf(other, { seed: 99 });
    expect(await weights(other)).toEqual(await weights(net));
    await all(trainer.fit(points(30)));
    expect(await weights(other)).not.toEqual(await weights(net));
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
  });

  it("use PyTorch's names and layouts", async () => {
    const { tensors, metadata } = decodeSafetensors(await serialize(lenet()), "lenet");
    expect(metadata).toEqual({ format: "pt" });
    expect(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]))).toEqual({
      "0.weight": [6, 1, 5, 5],
      "0.bias": [6],
      "3.weight": [16, 6, 5, 5],
      "3.bias": [16],
      "7.weight": [120, 400],
      "7.bias": [120],
      "9.weight": [84, 120],
      "9.bias": [84],
      "12.weight": [10, 84],
      "12.bias": [10],
    });
  });

  it("read a network that PyTorch wrote, write the same file, and compute what PyTorch computes", async () => {
    const { architecture, initialState, finalState, inputs, finalOutputs } = loadGolden("networks").cases[0];
    expect(architecture.map(({ layer }) => layer)).toEqual(["linear", "relu", "linear"]);
    const net = nn.sequential(nn.linear(7, 5), nn.relu(), nn.linear(5, 3));
    deserialize(net, readGoldenBytes(golden("mlp")), "mlp");
    for (const [name, v] of net.state()) expect(await v.data()).toEqual(initialState[name].data);
    const written = decodeSafetensors(await serialize(net), "written");
    expect(written.tensors).toEqual(decodeSafetensors(readGoldenBytes(golden("mlp")), "mlp").tensors);

    const trained = Object.entries(finalState).map(([name, value]) => [name, { dtype: "f32", ...value }]);
    deserialize(net, encodeSafetensors(Object.fromEntries(trained)), "trained");
    const outputs = await (await net.predict(tensor(inputs.data, inputs.shape))).data();
    for (const [i, value] of outputs.entries()) expect(value).toBeCloseTo(finalOutputs.data[i], 5);
  });

  it("read half floats and doubles into f32", async () => {
    const data = Float64Array.of(0.1, 2);
    const net = nn.linear(2, 1, { bias: false });
    deserialize(net, encodeSafetensors({ weight: { dtype: "f64", shape: [1, 2], data } }), "doubles");
    expect(await net.weight.data()).toEqual(Float32Array.of(0.1, 2));
  });
});

describe("a file that cannot be loaded leaves the network as it was:", () => {
  const valid = () => serialize(classifier());
  const without = async (name: string): Promise<Uint8Array> => {
    const { tensors } = decodeSafetensors(await valid(), "x");
    tensors.delete(name);
    return encodeSafetensors(Object.fromEntries(tensors));
  };

  it.each<[string, () => Promise<Uint8Array>, new (...args: never[]) => Error, RegExp]>([
    [
      "truncated",
      async () => (await valid()).subarray(0, 200),
      FormatError,
      /: header length is \d+, but only 192 bytes follow/,
    ],
    ["empty", async () => new Uint8Array(), FormatError, /the file ends inside/],
    [
      "foreign",
      async () => new TextEncoder().encode("PK\x03\x04 this is not a model"),
      FormatError,
      /it is a zip file, such as PyTorch's \.pt/,
    ],
    [
      "another network's",
      async () => readGoldenBytes(golden("mlp")),
      ShapeError,
      /0\.weight is \[5, 7\], the network's \[8, 2\]; make the layers equal/,
    ],
    ["one layer short", () => without("2.bias"), FormatError, /it lacks 2\.bias; use prefix, rename, skip or/],
    ["for a smaller network", () => serialize(lenet()), FormatError, /it has .*12\.weight.*, which the network lacks/],
  ])("%s", async (_, make, type, message) => {
    const path = join(folder, "model.safetensors");
    await writeFile(path, await make());
    const net = classifier();
    const before = await weights(net);
    const error = await failure(() => load(net, path));
    expect(error).toBeInstanceOf(type);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(path);
    expect(await weights(net)).toEqual(before);
  });

  it("whole numbers too large for f32", async () => {
    const net = nn.linear(1, 1, { bias: false });
    const file = (value: bigint) =>
      encodeSafetensors({ weight: { dtype: "i64", shape: [1, 1], data: BigInt64Array.of(value) } });
    deserialize(net, file(7n), "integers");
    const error = await failure(() => deserialize(net, file(2n ** 24n + 1n), "integers"));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(/integers: .*weight is i64 and holds 16777217, which f32 cannot hold/);
    expect(await net.weight.array()).toEqual([[7]]);
  });

  it("missing", async () => {
    const error = await failure(() => load(classifier(), join(folder, "none")));
    expect(error).toBeInstanceOf(TiduError);
    expect(error.message).toMatch(/cannot read .*none: there is no such file/);
  });
});

describe("saving", () => {
  it("to where there is no folder fails and leaves nothing", async () => {
    const error = await failure(() => save(classifier(), join(folder, "none", "model")));
    expect(error).toBeInstanceOf(TiduError);
    expect(await readdir(folder)).toEqual([]);
  });

  it("replaces a file whole", async () => {
    const path = join(folder, "model");
    await writeFile(path, "something else");
    const net = classifier();
    await save(net, path);
    expect(new Uint8Array(await readFile(path))).toEqual(await serialize(net));
  });
});
