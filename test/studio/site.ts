// The built studio, served and opened in a browser.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { onTestFinished } from "vitest";
import { type Studio, serveStudio } from "../../packages/cli/src/studio/index.js";
import { openBrowser } from "../support/browser.js";

const PAGES = fileURLToPath(new URL("../../studio", import.meta.url));

/** The studio as it is built, served and looked at. */
export interface Site extends Studio {
  readonly browser: Browser;
  /** An empty folder for runs. */
  readonly runs: string;
  /** The folder of the built pages. */
  readonly folder: string;
}

/** Builds the pages into a folder of their own, serves them with the real server, and starts a browser. */
export async function openSite(): Promise<Site> {
  const place = await mkdtemp(join(tmpdir(), "tidu-studio-"));
  const [folder, runs] = [join(place, "site"), join(place, "runs")];
  await build({ root: PAGES, configFile: join(PAGES, "vite.config.ts"), logLevel: "error", build: { outDir: folder } });
  const { address, close } = await serveStudio({ runs, site: folder });
  const browser = await openBrowser();
  return {
    address,
    browser,
    runs,
    folder,
    close: async () => {
      await browser.close();
      await close();
      await rm(place, { recursive: true });
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
