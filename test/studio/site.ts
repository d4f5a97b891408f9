// The built studio, served and opened in a browser.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { onTestFinished } from "vitest";
import { type Studio, serveStudio } from "../../packages/cli/src/studio/index.js";
import { openBrowser } from "../support/browser.js";

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PAGES = at("studio");
/** What the pages are made of. */
const SOURCES = ["studio", "experiments", "packages/tidu/src", "packages/onnx/src", "packages/cli/src", "package.json"];
const CACHE = at("node_modules/.cache/tidu-studio");

/** The studio as it is built, served and looked at. */
export interface Site extends Studio {
  readonly browser: Browser;
  /** An empty folder for runs. */
  readonly runs: string;
  /** The folder of the built pages. */
  readonly folder: string;
}

/** What tells one state of the sources from another: names, sizes and times of all their files. */
async function stateOfSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    const whole = at(source);
    const names = (await stat(whole)).isFile() ? [""] : (await readdir(whole, { recursive: true })).sort();
    for (const name of names) {
      const { size, mtimeMs } = await stat(join(whole, name));
      hash.update(`${source}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** The pages, built once for all test files that look at the same sources. */
async function builtPages(): Promise<string> {
  const folder = join(CACHE, await stateOfSources());
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const own = await mkdtemp(join(CACHE, "building-"));
  await build({ root: PAGES, configFile: join(PAGES, "vite.config.ts"), logLevel: "error", build: { outDir: own } });
  for (const old of await readdir(CACHE)) {
    const { mtimeMs } = await stat(join(CACHE, old)).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > 3_600_000) await rm(join(CACHE, old), { recursive: true, force: true });
  }
  // Another test file may have been quicker.
  await rename(own, folder).catch(() => rm(own, { recursive: true }));
  return folder;
}

/**
 * Builds the pages if that was not done, serves them with the real server, and starts a browser.
 *
 * @param flags more of the browser's command line.
 */
export async function openSite(flags: readonly string[] = []): Promise<Site> {
  const folder = await builtPages();
  const runs = await mkdtemp(join(tmpdir(), "tidu-studio-runs-"));
  const { address, close } = await serveStudio({ runs, site: folder });
  const browser = await openBrowser(flags);
  return {
    address,
    browser,
    runs,
    folder,
    close: async () => {
      await browser.close();
      await close();
      await rm(runs, { recursive: true });
    },
  };
}

/** A copy of the pages whose workers believe that the machine has so many cores. */
export async function withCores(site: string, cores: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tidu-cores-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(site, folder, { recursive: true });
  const belief = `Object.defineProperty(navigator, "hardwareConcurrency", { value: ${cores} });\n`;
  for (const name of await readdir(join(folder, "assets"))) {
    const file = join(folder, "assets", name);
    if (/^worker-.*\.js$/.test(name)) await writeFile(file, belief + (await readFile(file, "utf8")));
  }
  return folder;
}
