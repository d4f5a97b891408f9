// Bundles the built modules of each package into a few files in its dist/bundle. Node reads those (see "exports" in the
// packages' package.json), because loading 200 small modules takes longer than compiling a network. Bundlers for
// browsers take the modules themselves, so that they can leave out what an app does not use.
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { rolldown } from "rolldown";
import { minifySync } from "rolldown/utils";

/**
 * Each package's files in dist/bundle, and the modules that they replace. Files that threads start from keep their
 * names.
 */
const PACKAGES = {
  tidu: {
    index: "node.js",
    augment: "augment/index.js",
    data: "data/index.js",
    debug: "debug/index.js",
    "debug-register": "debug/register.js",
    init: "nn/init.js",
    insight: "insight/index.js",
    internal: "internal.js",
    loss: "nn/losses.js",
    metrics: "nn/metrics.js",
    mpi: "mpi.js",
    native: "native.js",
    nn: "nn/index.js",
    optim: "optim/index.js",
    regularize: "nn/regularize.js",
    signal: "nn/signal.js",
    webgpu: "webgpu.js",
    worker: "runtime/wasm/worker.js",
    "stream-worker": "data/stream-worker.js",
  },
  onnx: { index: "index.js" },
  cli: {
    experiment: "experiment/index.js",
    report: "report/index.js",
    run: "run/index.js",
    sources: "sources/index.js",
    tidu: "cli/main.js",
  },
};

/**
 * Everything that "tidu" itself needs is in one file: finding, reading and linking a second file takes longer than
 * parsing a tenth of the first. What only other entries need, such as code for graphics cards, is in files of their own.
 */
const GROUPS = {
  tidu: async ({ index }) => {
    const needed = await modulesOf(index);
    return [{ name: "library", test: (id) => needed.has(id) }];
  },
  // The code that draws reports is slow to load, and most commands never draw. What it shares with them is apart, since a
  // file takes in what its modules import (test/cli/loading.test.ts).
  cli: () => [
    { name: "shared", test: /[\\/]dist[\\/](text|report[\\/]picture)/ },
    { name: "page", test: /[\\/]dist[\\/]report[\\/]page[\\/]/ },
  ],
};

/**
 * Every import that is not a path names a package or one of Node's modules, and stays external. So a process has only one
 * "tidu", however it is imported.
 */
const SOURCES = { external: /^[^./\\]/, platform: "node" };

/** Files that threads start from are always modules. */
const THREADS = ["worker", "stream-worker"];

/**
 * Removes white space and comments, and shortens the syntax. Line breaks stay, because Node prints the whole line that an
 * uncaught error came from.
 */
const COMPACT = {
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  charset: "utf8",
  legalComments: "none",
  target: "es2022",
};

/** Names inside functions are shortened, too. Modules, functions, classes and methods keep their names, for stacks. */
const SHORT = {
  esm: (file, code) => {
    const options = { module: true, compress: false, mangle: { toplevel: false }, codegen: false };
    const { code: short, errors } = minifySync(file, code, options);
    if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
    return transform(short, COMPACT);
  },
  cjs: (_, code) => transform(code, { ...COMPACT, minifyIdentifiers: true }),
};

const root = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Shortens the library's modules to less than half of their size. The declarations keep the comments. */
async function compactModules(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith(".js") || name.startsWith("bundle")) continue;
    const code = await readFile(`${folder}/${name}`, "utf8");
    // Only modules written since the last run.
    if (/\/[/*]|^ {4}/m.test(code)) await writeFile(`${folder}/${name}`, (await SHORT.esm(name, code)).code);
  }
}

await compactModules(root("packages/tidu/dist"));
for (const [name, files] of Object.entries(PACKAGES)) {
  const from = (path) => root(`packages/${name}/dist/${path}`);
  await rm(from("bundle"), { recursive: true, force: true });
  const input = Object.fromEntries(Object.entries(files).map(([file, path]) => [file, from(path)]));
  await write(name, input, "esm");
  if (name === "cli") continue;
  // For tools that cannot load modules, such as Jest. Node itself lets `require` load the modules ("module-sync").
  await write(name, Object.fromEntries(Object.entries(input).filter(([file]) => !THREADS.includes(file))), "cjs");
}

/** The modules that an entry needs. */
async function modulesOf(input) {
  const bundle = await rolldown({ ...SOURCES, input });
  const { output } = await bundle.generate();
  await bundle.close();
  return new Set(output.flatMap(({ moduleIds }) => moduleIds ?? []));
}

async function write(name, input, format) {
  const bundle = await rolldown({ ...SOURCES, input });
  const extension = format === "esm" ? "js" : "cjs";
  await bundle.write({
    dir: root(`packages/${name}/dist/bundle`),
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name]-[hash].${extension}`,
    minify: false,
    plugins: [
      {
        name: "compact",
        renderChunk: async (code, { fileName }) => ({ code: (await SHORT[format](fileName, code)).code }),
      },
    ],
    codeSplitting: { groups: (await GROUPS[name]?.(input)) ?? [] },
  });
  await bundle.close();
}

// The command ships the experiments as separate files, because it loads them in the same way as users' own experiments.
const experiments = root("packages/cli/dist/experiments");
await rm(experiments, { recursive: true, force: true });
await cp(root("experiments"), experiments, { recursive: true, filter: (path) => !/[\\/]results$/.test(path) });
