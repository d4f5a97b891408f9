import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sequential } from "../../packages/tidu/src/nn/index.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { deserialize, serialize } from "../../packages/tidu/src/train/files.js";
import { type ExchangeCase, loadGolden, readGoldenBytes } from "../goldens/load.js";
import { build } from "../nn/support/build.js";
import { expectClose, expectNumbers } from "../nn/support/close.js";
import { onReference } from "../nn/support/devices.js";

onReference();

type Architecture = NonNullable<ExchangeCase["architecture"]>;

const golden = loadGolden("exchange").cases.find(({ name }) => name === "sequential") as ExchangeCase;
const architecture = golden.architecture as Architecture;
const network = () => sequential(...architecture.map(({ layer, options }) => build(layer, options)));

describe("a file that PyTorch wrote of an nn.Sequential", () => {
  it("has the names and layouts of the same network here, which computes the same", async () => {
    const net = deserialize(network(), readGoldenBytes(golden), golden.file);
    expect([...net.state().keys()]).toEqual(golden.state);
    await expectClose("output", await net.predict(tensor(golden.input.data, golden.input.shape)), golden.output);
  });

  it("is written the same, but for the counter that PyTorch has as a whole number", async () => {
    const net = deserialize(network(), readGoldenBytes(golden), golden.file);
    const again = deserialize(network(), await serialize(net), "again");
    for (const [name, v] of net.state()) {
      expect(await (again.state().get(name) as Tensor).data(), name).toEqual(await v.data());
    }
  });
});

/** Numbers that are the same everywhere: multiples of 1/64 from -1 to 1, positive where a variance must be. */
function pattern(count: number, from: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (((i + from) * 37) % 129) / 64 - 1);
}

async function saved(): Promise<{ bytes: Uint8Array; net: ReturnType<typeof network> }> {
  const net = network();
  [...net.state()].forEach(([name, v], i) => {
    const values = pattern(v.size, i);
    const positive = name.endsWith("running_var") || name.endsWith("num_batches_tracked");
    v.assign(tensor(positive ? values.map((x) => Math.abs(x) + 1) : values, v.shape));
  });
  return { bytes: await serialize(net), net };
}

const SCRIPT = fileURLToPath(new URL("../goldens/run.py", import.meta.url));
/** How the script says that there is no PyTorch. */
const NO_TORCH = 3;

/** What PyTorch computes from a file; undefined where there is no Python or no PyTorch. */
async function runInPyTorch(file: Uint8Array, x: Tensor): Promise<Float32Array | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "tidu-pytorch-"));
  try {
    const path = join(folder, "network.safetensors");
    await writeFile(path, file);
    const data = Buffer.from((await x.data()).buffer).toString("base64");
    const answer = await ask([SCRIPT, path], JSON.stringify({ architecture, input: { shape: x.shape, data } }));
    if (answer === undefined) return undefined;
    const output = Uint8Array.from(Buffer.from(JSON.parse(answer).data as string, "base64"));
    return new Float32Array(output.buffer);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ask = (args: string[], input: string): Promise<string | undefined> =>
  new Promise((done, fail) => {
    const child = execFile("/usr/bin/python3", args, (error, stdout) => {
      if (error === null) done(stdout);
      else if (error.code === NO_TORCH || error.code === "ENOENT") done(undefined);
      else fail(error);
    });
    // Where there is no Python nobody listens.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });

describe("a file that Tidu wrote", () => {
  it("has the bytes that PyTorch has read before", async () => {
    const { bytes } = await saved();
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(
      "25d5ae4990d6bacf39186a19a5fe7c5296ae35b80737ab19e2070932c849c017",
    );
  });

  it("is read by PyTorch, which computes the same", async () => {
    const { bytes, net } = await saved();
    const x = tensor(pattern(golden.input.data.length, 5), golden.input.shape);
    const output = await runInPyTorch(bytes, x);
    const own = await (await net.predict(x)).data();
    if (output !== undefined) expectNumbers("output", output, own, 4e-6);
    // Elsewhere the test above knows the bytes.
    else expect(own.length).toBe(9);
  });
});
