// The loops in every engine: npm run memory-loops [-- ROUNDS ENGINE… LOOP…]. Prints what memory each came to half way and at
// the end. What has more than doubled, and by 128 MiB, runs again for four times as many rounds, since some collectors let
// memory come to its height slowly; if it still does, it is a leak, and the exit code 1.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { LOOPS } from "./loops.mjs";

const FILE = fileURLToPath(new URL("loops.mjs", import.meta.url));
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const [given = "20000", ...wanted] = process.argv.slice(2);

/** @typedef {{ half: number; end: number; seconds: number }} Outcome */

/** @param {readonly string[]} command */
const inProcess = (command) => async (/** @type {string} */ name, /** @type {number} */ rounds) => {
  const { stdout } = await promisify(execFile)(command[0], [...command.slice(1), FILE, name, String(rounds)]);
  return /** @type {Outcome} */ (JSON.parse(stdout));
};

const TYPES = /** @type {Record<string, string>} */ ({ ".js": "text/javascript", ".mjs": "text/javascript" });
const PAGE = '<script type="importmap">{"imports":{"tidu":"/packages/tidu/dist/index.js"}}</script>';

/** Bytes that a process and all that it started hold. */
function memoryOf(/** @type {number} */ pid) {
  const parents = new Map();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [, , parent] = readFileSync(`/proc/${entry}/stat`, "utf8")
        .replace(/\(.*\)/, "x")
        .split(" ")
        .slice(1);
      parents.set(Number(entry), Number(parent));
    } catch {
      // It has ended meanwhile.
    }
  }
  const isOurs = (/** @type {number | undefined} */ id) => {
    for (let at = id; at !== undefined && at > 1; at = parents.get(at)) if (at === pid) return true;
    return false;
  };
  let sum = 0;
  for (const id of [...parents.keys()].filter(isOurs)) {
    try {
      const { pages } = readFileSync(`/proc/${id}/statm`, "utf8").match(/^\d+ (?<pages>\d+)/)?.groups ?? {};
      sum += Number(pages) * 4096;
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}

/** @param {string} name @param {number} rounds */
async function inChromium(name, rounds) {
  const server = createServer(async (request, response) => {
    const path = decodeURI(request.url ?? "/").replace(/\?.*/, "");
    response.setHeader("content-type", TYPES[extname(path)] ?? "text/html");
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("cross-origin-embedder-policy", "require-corp");
    response.end(path === "/" ? PAGE : await readFile(`${ROOT}${path}`).catch(() => ""));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const browser = await chromium.launchServer({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await (await chromium.connect(browser.wsEndpoint())).newPage();
    page.setDefaultTimeout(0);
    await page.goto(`http://127.0.0.1:${port}/`);
    const pid = /** @type {number} */ (browser.process().pid);
    await page.exposeFunction("memory", () => memoryOf(pid));
    const start = performance.now();
    const result = await page.evaluate(
      async ({ name, rounds }) => {
        const path = "/test/runtime/memory/loops.mjs";
        const { run } = await import(path);
        const { memory } = /** @type {{ memory?: () => Promise<number> }} */ (globalThis);
        return run(await import("tidu"), name, rounds, () => memory?.());
      },
      { name, rounds },
    );
    return { .../** @type {{ half: number; end: number }} */ (result), seconds: (performance.now() - start) / 1000 };
  } finally {
    await browser.close();
    server.close();
  }
}

/** @type {Record<string, (name: string, rounds: number) => Promise<Outcome>>} */
const ENGINES = {
  node: inProcess([process.execPath]),
  node24: inProcess(["npx", "-y", "node@24"]),
  bun: inProcess(["npx", "-y", "bun@1.4.5"]),
  deno: inProcess(["npx", "-y", "deno@2.9.6", "run", "-A"]),
  chromium: inChromium,
};

const mib = (/** @type {number} */ bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;
/** Those of a list that were named; all where none was. */
const chosen = (/** @type {string[]} */ all) => {
  const named = all.filter((name) => wanted.includes(name));
  return named.length === 0 ? all : named;
};
/** Runs a loop, tells what it came to, and returns whether its memory has grown. @param {string} engine @param {string} name @param {number} rounds */
async function grows(engine, name, rounds) {
  const { half, end, seconds } = await ENGINES[engine](name, rounds);
  const grown = end > half * 2 + 2 ** 27;
  const [verdict, times] = [grown ? "GROWS" : "flat", `${seconds.toFixed(0)} s`];
  console.log(`${engine} ${name}: ${rounds} rounds, ${mib(half)} half way, ${mib(end)}, ${times}: ${verdict}`);
  return grown;
}

const rounds = Number(given);
for (const engine of chosen(Object.keys(ENGINES))) {
  for (const name of chosen(Object.keys(LOOPS))) {
    if ((await grows(engine, name, rounds)) && (await grows(engine, name, 4 * rounds))) process.exitCode = 1;
  }
}
