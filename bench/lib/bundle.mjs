// Bundles small apps as pages would have them, and weighs the files.
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build as esbuild } from "esbuild";
import { build } from "vite";
import { SOURCES } from "../../scripts/sources.mjs";

/** The apps in bench/apps that `npm run bench -- size` and its test bundle. */
export const APPS = /** @type {const} */ (["library", "training", "inference", "sum"]);

/** @typedef {typeof APPS[number]} App */

/**
 * Resolves packages to these files. Each keeps its side effects, which package.json declares for the built index only.
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
 * @param {App} app
 * @param {Readonly<Record<string, string>>} files
 */
async function outputOf(app, files) {
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
  return /** @type {import("vite").Rollup.RollupOutput} */ (built).output;
}

/**
 * Bundles an app as a page would have it, minified.
 *
 * @param {App} app
 * @param {Readonly<Record<string, string>>} [files] of the library, instead of its build
 * @returns {Promise<Buffer[]>} all files that a page would load
 */
export async function bundle(app, files = {}) {
  const output = await outputOf(app, files);
  return output.map((file) => Buffer.from(file.type === "chunk" ? file.code : file.source));
}

/**
 * Bundles an app by esbuild, which leaves out layers that are not used if `nn` comes from `tidu/nn`. The file that threads
 * start from is not among what it makes.
 *
 * @param {App} app
 * @param {Readonly<Record<string, string>>} [files] of the library, instead of its build
 */
export async function bundleByEsbuild(app, files = {}) {
  const file = fileURLToPath(new URL(`../apps/${app}.mjs`, import.meta.url));
  /** @type {import("esbuild").Plugin} */
  const sources = {
    name: "sources",
    setup: ({ onResolve }) =>
      onResolve({ filter: /^tidu/ }, ({ path }) =>
        path in files ? { path: files[path], sideEffects: true } : undefined,
      ),
  };
  const { outputFiles } = await esbuild({
    stdin: { contents: bySubpaths(await readFile(file, "utf8")), sourcefile: file, resolveDir: dirname(file) },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["node:*"],
    // The nearest tsconfig.json would name the sources.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    plugins: [sources],
    write: false,
  });
  return outputFiles.map(({ contents }) => Buffer.from(contents));
}

/** The same app with every namespace imported from its subpath. */
const bySubpaths = (/** @type {string} */ text) =>
  text.replace(/^import \{ (.*) \} from "tidu";$/m, (_, /** @type {string} */ names) => {
    const [own, rest] = [true, false].map((is) => names.split(", ").filter((name) => `tidu/${name}` in SOURCES === is));
    return [...own.map((name) => `import * as ${name} from "tidu/${name}";`), `import { ${rest} } from "tidu";`].join(
      "\n",
    );
  });

/**
 * The library's folders that an app's bundle has code of, and their shares of it: in proportion to how much less all
 * code is, gzipped, without the folder's.
 *
 * @param {App} app
 * @returns {Promise<[folder: string, share: number][]>} the largest first
 */
export async function sharesOf(app) {
  const modules = (await outputOf(app, {})).flatMap((file) =>
    file.type === "chunk" ? Object.entries(file.modules) : [],
  );
  const all = modules.flatMap(([id, { code }]) => {
    const folder = /\/dist\/(\w+)\//.exec(id)?.[1];
    return folder === undefined || code === null ? [] : [{ folder, code }];
  });
  const without = (/** @type {string} */ folder) => {
    const rest = all.filter((part) => part.folder !== folder).map(({ code }) => code);
    return gzipSync(rest.join("\n"), { level: 9 }).length;
  };
  const whole = without("");
  const folders = [...new Set(all.map(({ folder }) => folder))].map((folder) => ({
    folder,
    own: whole - without(folder),
  }));
  const sum = folders.reduce((n, { own }) => n + own, 0);
  return folders.sort((a, b) => b.own - a.own).map(({ folder, own }) => [folder, own / sum]);
}

/**
 * Total bytes of the files, plain and with each file gzipped.
 *
 * @param {readonly Buffer[]} files
 */
export const sizesOf = (files) => ({
  minified: files.reduce((sum, file) => sum + file.length, 0),
  gzip: files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0),
});
