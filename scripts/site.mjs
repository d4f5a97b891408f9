// Builds the site: the reference from the doc comments, the guides by VitePress, and the studio's pages beside them. Why
// VitePress: see CONTRIBUTING.md.
// `npm run site` writes docs/.vitepress/dist; BASE=/path/ is for a host that serves it under a path.
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { preview } from "vite";
import { build } from "vitepress";
import { writeReference } from "./reference.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const DOCS = at("docs");
const SITE = `${DOCS}/.vitepress/dist`;

/**
 * Builds the site for a path of its host, from the last builds of the packages and the studio.
 *
 * @param {string} base "/", or a path that begins and ends with a slash
 * @returns {Promise<string>} the folder that it is in
 */
export async function buildSite(base) {
  await writeReference();
  // VitePress reads the variable when it builds.
  process.env.BASE = base;
  await build(DOCS);
  cpSync(at("packages/cli/dist/studio/site"), `${SITE}/studio`, { recursive: true });
  return SITE;
}

/** Builds the site and serves it on this machine. @returns its address, and a function that ends it. */
export async function serveSite() {
  const server = await preview({
    configFile: false,
    build: { outDir: await buildSite("/") },
    preview: { port: 0, host: "127.0.0.1" },
    logLevel: "error",
  });
  const { local } = /** @type {import("vite").ResolvedServerUrls} */ (server.resolvedUrls);
  return { address: local[0], close: () => server.close() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`the site is in ${await buildSite(process.env.BASE ?? "/")}`);
}
