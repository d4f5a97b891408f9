import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

/** What `npm run bench -- size` and the test of it bundle: files of bench/apps. */
export const APPS = /** @type {const} */ (["library", "training", "inference"]);

/** @typedef {typeof APPS[number]} App */

/**
 * Takes packages from these files. Each keeps its side effects, which package.json grants to the built index only.
 *
 * @param {Readonly<Record<string, string>>} files by the packages' names
 * @returns {import("vite").Plugin}
 */
const from = (files) => ({
  name: "from",
  enforce: "pre",
  resolveId: (name) => (name in files ? { id: files[name], moduleSideEffects: true } : undefined),
});

/**
 * Bundles an app as a page would have it, minified.
 *
 * @param {App} app
 * @param {Readonly<Record<string, string>>} [files] where to find the library, instead of its build
 * @returns {Promise<Buffer[]>} all files that a page would load
 */
export async function bundle(app, files = {}) {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    root: fileURLToPath(new URL("..", import.meta.url)),
    plugins: [from(files)],
    build: {
      write: false,
      minify: true,
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: fileURLToPath(new URL(`../apps/${app}.mjs`, import.meta.url)),
        preserveEntrySignatures: "strict",
        external: /^node:/,
      },
    },
  });
  const { output } = /** @type {import("vite").Rollup.RollupOutput} */ (built);
  return output.map((file) => Buffer.from(file.type === "chunk" ? file.code : file.source));
}

/**
 * Bytes of files, as they are and gzipped one by one.
 *
 * @param {readonly Buffer[]} files
 */
export const sizesOf = (files) => ({
  minified: files.reduce((sum, file) => sum + file.length, 0),
  gzip: files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0),
});
