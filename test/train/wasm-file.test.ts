// Networks as WebAssembly modules compiled ahead of time: the bits of a portable device, in Node, and in a page whose policy lets
// only its worker compile.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { manualSeed, nn, setDevice, tensor } from "tidu";
import { predictWasm, type WasmFileOptions } from "tidu/native";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { OPENING, openBrowser } from "../support/browser.js";

let folder: string;
beforeAll(async () => {
  const device = new WasmDevice({ threads: 2, portable: true });
  await device.ready();
  setDevice(device);
  folder = await mkdtemp(join(tmpdir(), "tidu-wasm-"));
});
afterAll(async () => {
  setDevice(undefined);
  await rm(folder, { recursive: true });
});

const noise = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + i * i * 0.7) * 2);

type Predict = (input: ArrayLike<number>) => Float32Array;
interface Loader {
  readonly load: (where?: string | URL) => Promise<Predict>;
  readonly instantiate: (module: WebAssembly.Module) => Predict;
}

/** Writes both files, and imports the loader as people do. */
async function exported(
  name: string,
  net: nn.Module,
  shape: readonly number[],
  options: WasmFileOptions = {},
): Promise<Loader> {
  const { module, loader } = await predictWasm(net, shape, { ...options, file: `${name}.wasm` });
  await writeFile(join(folder, `${name}.wasm`), module);
  await writeFile(join(folder, `${name}.mjs`), loader);
  return import(/* @vite-ignore */ pathToFileURL(join(folder, `${name}.mjs`)).href);
}

const NETS: Record<string, readonly [readonly number[], () => nn.Module]> = {
  perceptron: [[7], () => nn.sequential(nn.linear(7, 33), nn.gelu(), nn.dropout(0.5), nn.linear(33, 5))],
  convolutions: [
    [3, 12, 12],
    () =>
      nn.sequential(
        ...[nn.conv2d(3, 8, 3, { padding: 1 }), nn.batchNorm2d(8), nn.relu(), nn.maxPool2d(2)],
        ...[nn.conv2d(8, 16, 3, { padding: 1 }), nn.tanh(), nn.flatten(), nn.linear(576, 4), nn.softmax()],
      ),
  ],
  words: [[6], () => nn.sequential(nn.embedding(5, 4), nn.flatten(), nn.linear(24, 3))],
};

describe("a network compiled ahead of time", () => {
  test.each(Object.entries(NETS))(
    "predicts what a portable device does, to the bit: %s",
    async (name, [shape, make]) => {
      manualSeed(3);
      const net = make();
      for (const batchSize of [1, 3]) {
        const count = batchSize * shape.reduce((n, d) => n * d, 1);
        const dtype = name === "words" ? "i32" : "f32";
        const loader = await exported(`${name}${batchSize}`, net, shape, { batchSize, dtype });
        const predict = await loader.load();
        for (const seed of [1, 2]) {
          const input = name === "words" ? noise(count, seed).map((x) => Math.floor(Math.abs(x))) : noise(count, seed);
          const x = tensor(input, [batchSize, ...shape]);
          const want = await (await net.predict(name === "words" ? x.toInt() : x)).data();
          expect(new Uint32Array(predict(input).buffer)).toEqual(new Uint32Array(want.slice().buffer));
        }
      }
    },
  );

  test("is made ready from a compiled module, twice without meeting", async () => {
    const net = nn.linear(3, 2);
    const { instantiate } = await exported("linear", net, [3]);
    const module = await WebAssembly.compile(await readFile(join(folder, "linear.wasm")));
    const [one, two] = [instantiate(module), instantiate(module)];
    const first = one([1, 2, 3]);
    two([4, 5, 6]);
    expect(one([1, 2, 3])).toEqual(first);
  });

  test("says what an input must be", async () => {
    const { load } = await exported("short", nn.linear(3, 2), [3]);
    const predict = await load();
    expect(() => predict([1, 2])).toThrow("predict: the input has 2 numbers; give it 3, of shape [1, 3]");
    expect(() => predict(undefined as never)).toThrow(/give it 3/);
  });
});

describe("a page whose policy forbids WebAssembly", () => {
  const STRICT = "default-src 'none'; script-src 'self'; connect-src 'self'";
  const PAGE = `import { load } from "/net.mjs";
    const say = (text) => document.body.append(text + ";");
    await load().then(() => say("compiled"), () => say("refused"));
    const worker = new Worker("/worker.mjs", { type: "module" });
    worker.onmessage = ({ data }) => say(data);`;
  const WORKER = `import { load } from "/net.mjs";
    const predict = await load();
    postMessage([...predict([1, 2, 3])].join());`;
  let server: Server;
  afterAll(() => server.close());

  test("runs it in a worker, whose own response allows it", { timeout: 60_000 }, async () => {
    const net = nn.linear(3, 2);
    await exported("net", net, [3]);
    const files: Record<string, readonly [type: string, text: string | Uint8Array, policy: string]> = {
      "/": ["text/html", '<meta charset="utf-8"><body><script type="module" src="/page.mjs"></script>', STRICT],
      "/page.mjs": ["text/javascript", PAGE, STRICT],
      "/worker.mjs": ["text/javascript", WORKER, STRICT.replace("'self'", "'self' 'wasm-unsafe-eval'")],
      "/net.mjs": ["text/javascript", await readFile(join(folder, "net.mjs")), STRICT],
      "/net.wasm": ["application/wasm", await readFile(join(folder, "net.wasm")), STRICT],
    };
    server = createServer(({ url = "" }, response) => {
      const [type, text, policy] = files[url] ?? ["text/plain", "", STRICT];
      response
        .writeHead(url in files ? 200 : 404, { "Content-Type": type, "Content-Security-Policy": policy })
        .end(text);
    });
    await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
    const browser = await openBrowser();
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const want = [...(await (await net.predict(tensor([[1, 2, 3]]))).data())].join();
    await expect.poll(() => page.locator("body").innerText(), { timeout: OPENING }).toBe(`refused;${want};`);
    await browser.close();
  });
});
