import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ArgumentError, FormatError } from "../../packages/tidu/src/base/errors.js";
import { deserialize, type LoadOptions, load, nn, readSafetensors, tensor } from "../../packages/tidu/src/index.js";
import { encodeSafetensors, type TensorData } from "../../packages/tidu/src/io/safetensors.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-reader-"));
});
afterAll(() => rm(folder, { recursive: true }));

const f32 = (shape: readonly number[], ...values: number[]): TensorData => ({
  dtype: "f32",
  shape,
  data: Float32Array.from(values),
});

/** A file whose header says something that no writer here writes. */
function fileOf(header: object, data: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

async function written(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const values = async (net: nn.Module) =>
  Object.fromEntries(await Promise.all([...net.state()].map(async ([name, v]) => [name, [...(await v.data())]])));

describe("readSafetensors", () => {
  it("tells names, types and shapes, and reads tensor by tensor, from a file as from bytes", async () => {
    const bytes = encodeSafetensors(
      { a: f32([2], 1, 2), b: { dtype: "i64", shape: [1], data: BigInt64Array.of(2n ** 60n) } },
      { note: "hi" },
    );
    for (const source of [bytes, await written("two.safetensors", bytes)]) {
      const reader = await readSafetensors(source);
      expect([...reader.tensors].sort()).toEqual([
        ["a", { dtype: "F32", shape: [2] }],
        ["b", { dtype: "I64", shape: [1] }],
      ]);
      expect(reader.metadata).toEqual({ note: "hi" });
      expect((await reader.read("a")).data).toEqual(Float32Array.of(1, 2));
      expect((await reader.read("b")).data).toEqual(BigInt64Array.of(2n ** 60n));
      await expect(reader.read("c")).rejects.toThrow(ArgumentError);
    }
  });

  it("passes over types that it does not read, until they are asked for", async () => {
    const bytes = fileOf(
      {
        a: { dtype: "F8_E4M3", shape: [3], data_offsets: [0, 3] },
        b: { dtype: "U8", shape: [1], data_offsets: [3, 4] },
      },
      Uint8Array.of(1, 2, 3, 9),
    );
    const reader = await readSafetensors(bytes, "net");
    expect((await reader.read("b")).data).toEqual(Uint8Array.of(9));
    await expect(reader.read("a")).rejects.toThrow(/^net: byte \d+: "a" is F8_E4M3, which is not read; save it as F16/);
  });

  it("puts the shards of an index together", async () => {
    await written("one.safetensors", encodeSafetensors({ weight: f32([1, 2], 1, 2) }));
    await written("other.safetensors", encodeSafetensors({ bias: f32([1], 3) }));
    const map = { weight: "one.safetensors", bias: "other.safetensors" };
    const index = await written("model.safetensors.index.json", JSON.stringify({ weight_map: map }));
    expect([...(await readSafetensors(index)).tensors.keys()]).toEqual(["weight", "bias"]);
    expect(await values(await load(nn.linear(2, 1), index))).toEqual({ weight: [1, 2], bias: [3] });
    const outside = await written("bad.index.json", JSON.stringify({ weight_map: { a: "../x.safetensors" } }));
    await expect(readSafetensors(outside)).rejects.toThrow(/it has no weight_map/);
  });

  it.each([
    ["net.pt", "PK\x03\x04 a zip", /it is a zip file, such as PyTorch's \.pt/],
    ["net.h5", "\x89HDF\r\n\x1a\n", /it is an HDF5 file, such as Keras' \.h5/],
    ["net.gguf", "GGUF\x03\0\0\0\0\0", /it is a GGUF file/],
    ["net.onnx", "\x08\x08\x12\x07pytorch", /it is a protobuf file, such as ONNX; use loadOnnx/],
    ["old.pt", "\x80\x02\x8a\x0al\xfc\x9c\x46", /it is a pickle/],
    ["model", '{"format":"layers-model"}', /it is a JSON file, such as TensorFlow\.js' model\.json; use loadTfjs/],
  ])("says of %s what it is and how to convert it", async (name, text, message) => {
    const path = await written(
      name,
      Uint8Array.from(text, (c) => c.charCodeAt(0)),
    );
    await expect(readSafetensors(path)).rejects.toThrow(FormatError);
    await expect(load(nn.linear(1, 1), path)).rejects.toThrow(message);
  });
});

describe("load's options", () => {
  const bytes = encodeSafetensors({
    "net.fc.weight": f32([1, 2], 1, 2),
    "net.fc.bias": f32([1], 3),
    "other.weight": f32([1], 9),
  });
  const fresh = () => nn.linear(2, 1, { init: () => tensor([[7, 7]]), biasInit: () => tensor([7]) });

  let count = 0;
  const given = async (of: Uint8Array, options: LoadOptions) =>
    load(fresh(), await written(`options-${count++}.safetensors`, of), options);

  it("prefix takes what begins so, without it", async () => {
    expect(await values(await given(bytes, { prefix: "net.fc." }))).toEqual({
      weight: [1, 2],
      bias: [3],
    });
  });

  it("rename gives the network's names", async () => {
    const rename = (name: string) => name.replace("net.fc.", "");
    await expect(given(bytes, { rename })).rejects.toThrow(/it has other.weight, which the network lacks/);
    expect(await values(await given(bytes, { rename, strict: false }))).toEqual({
      weight: [1, 2],
      bias: [3],
    });
    await expect(given(bytes, { rename: () => "weight" })).rejects.toThrow(/are both weight/);
  });

  it("skip leaves values as they are, whatever the file says", async () => {
    const options = { prefix: "net.fc.", skip: /^bias$/ };
    expect(await values(await given(bytes, options))).toEqual({ weight: [1, 2], bias: [7] });
  });

  it("not strict, takes what both have, but not nothing", async () => {
    const part = encodeSafetensors({ bias: f32([1], 4), extra: f32([1], 5) });
    expect(await values(await given(part, { strict: false }))).toEqual({ weight: [7, 7], bias: [4] });
    await expect(given(bytes, { strict: false })).rejects.toThrow(
      /none of its names \(.*\) is one of the network's \(.*\); use prefix or rename/,
    );
  });

  it("whole numbers beyond 2^53 that doubles would round are an error", () => {
    const large = encodeSafetensors({
      weight: f32([1, 2], 1, 2),
      bias: { dtype: "i64", shape: [1], data: BigInt64Array.of(2n ** 53n + 1n) },
    });
    expect(() => deserialize(fresh(), large, "x")).toThrow(
      /bias is i64 and holds 9007199254740993, which f32 cannot hold/,
    );
  });
});
