// A fresh project with a tool in it: its files, its packages, its commands, and what the app in it says.
import { execFile, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import sirv from "sirv";

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string[]} [install] packages beside Tidu's, as npm is told them
 * @property {Record<string, string>} files
 * @property {object} [manifest] what package.json has beside the packages; default: a package of modules
 * @property {(project: Project) => Promise<unknown>} [fetch] installs the packages; default: npm
 * @property {string[][]} [commands] are run one after the other; the last one's output is what the app says
 * @property {string} [pages] a folder of pages that the commands built: the app is a page
 * @property {(port: number) => string[]} [serve] a command that serves pages: the app is one of them
 * @property {RegExp} [says] what the app must say; default: that it has learned XOR
 * @property {string} [note] what to know
 */

/** @typedef {{ folder: string, archives: Record<string, string>, run: (...command: string[]) => Promise<string> }} Project */

/** Some of these tools compile a whole framework, on a machine that may be busy. */
const PATIENCE = 600_000;
/** What is compiled then does little, and ends. */
const RUN = 60_000;
/** What makes a page cross-origin isolated, which threads need. */
export const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * @param {Case} one
 * @param {string} folder
 * @param {Record<string, string>} archives the packed packages by their names
 */
export async function carryOut(one, folder, archives) {
  const { files, manifest = { type: "module" }, install = [], commands = [] } = one;
  const within = async (/** @type {number} */ timeout, /** @type {string[]} */ ...[command, ...args]) => {
    const env = { ...process.env, CI: "1", NO_COLOR: "1", NEXT_TELEMETRY_DISABLED: "1", ASTRO_TELEMETRY_DISABLED: "1" };
    return (await promisify(execFile)(command, args, { cwd: folder, timeout, maxBuffer: 1e8, env })).stdout;
  };
  const run = (/** @type {string[]} */ ...command) => within(PATIENCE, ...command);
  const about = { name: "app", version: "1.0.0", private: true, ...manifest };
  const all = { "package.json": JSON.stringify(about), ...files };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const tidu = [archives.tidu, archives["@tidu/onnx"]];
  if (one.fetch !== undefined) await one.fetch({ folder, archives, run });
  else await run("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", ...tidu, ...install);
  let said = "";
  const build = one.pages !== undefined || one.serve !== undefined;
  for (const command of commands) {
    said = await within(build || command !== commands.at(-1) ? PATIENCE : RUN, ...command);
  }
  if (one.pages !== undefined) said = await saidBy(one.pages, folder);
  if (one.serve !== undefined) said = await served(one.serve, folder);
  const found = (one.says ?? /accuracy 1\b.*/).exec(said);
  if (found === null) throw new Error(`it said ${JSON.stringify(said.slice(-300))}`);
  return [found[0], one.note].filter((text) => text !== undefined).join("; ");
}

/** What a page among built ones says. @param {string} pages @param {string} folder */
async function saidBy(pages, folder) {
  const files = sirv(join(folder, pages), { dev: true, setHeaders: (response) => isolate(response) });
  const server = createServer((request, response) => files(request, response));
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  try {
    return await titleOf(/** @type {import("node:net").AddressInfo} */ (server.address()).port);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** @param {import("node:http").ServerResponse} response */
function isolate(response) {
  for (const [name, value] of Object.entries(ISOLATION)) response.setHeader(name, value);
}

/** What a page of a tool's own server says. @param {(port: number) => string[]} serve @param {string} folder */
async function served(serve, folder) {
  const port = 20_000 + (process.pid % 20_000);
  const [command, ...args] = serve(port);
  const server = spawn(command, args, {
    cwd: folder,
    stdio: "ignore",
    detached: true,
    env: { ...process.env, CI: "1" },
  });
  try {
    for (let tries = 0; tries < 600; tries++) {
      const there = await fetch(`http://localhost:${port}/`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (there) return await titleOf(port);
      await new Promise((done) => setTimeout(done, 500));
    }
    throw new Error("its server did not start");
  } finally {
    process.kill(-(/** @type {number} */ (server.pid)), "SIGTERM");
  }
}

/** The title, or the text, that the app gives its page once it has trained. @param {number} port */
async function titleOf(port) {
  const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  /** @type {string[]} */
  const problems = [];
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(`http://localhost:${port}/`);
    await page
      .waitForFunction(() => /accuracy|failed/.test(document.title + document.body.innerText), undefined, {
        timeout: 90_000,
      })
      .catch(() => {});
    const title = await page.evaluate(
      () => [document.title, document.body.innerText].find((text) => /accuracy|failed/.test(text)) ?? "",
    );
    return title.startsWith("accuracy") ? title : [title, ...problems].join("; ");
  } finally {
    await browser.close();
  }
}
