// Puts the built modules of each package together into a few files, in its dist/bundle. Node reads those (see "exports"
// in the packages' package.json): loading 200 small modules takes it longer than compiling a network. Browsers' bundlers
// take the modules themselves, of which they can leave out what an app does not use.
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { rolldown } from "rolldown";
import { minifySync } from "rolldown/utils";

/** Each package's files in dist/bundle, and the modules that they stand for. Threads' files keep their names. */
const PACKAGES = {
  tidu: {
    index: "node.js",
    augment: "augment/index.js",
    data: "data/index.js",
    debug: "debug/index.js",
    "debug-register": "debug/register.js",
    insight: "insight/index.js",
    internal: "internal.js",
    mpi: "mpi.js",
    native: "native.js",
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
 * All that "tidu" itself needs is one file: to find, read and link another takes longer than to parse a tenth of it.
 * What graphics cards need is not for everyone.
 */
const GROUPS = {
  tidu: [
    {
      name: "library",
      test: /[\\/]dist[\\/](index|node|base|graph|grad|tensor|compile|codegen|runtime|io|nn|optim|train)\b(?!.*(worker|wgsl|webgpu|native|mpi|[\\/]c[\\/]))/,
    },
  ],
  // What draws a report takes long to load, and most commands never draw; all that it shares with others is pictures.
  cli: [
    { name: "picture", test: /[\\/]dist[\\/]report[\\/]picture/ },
    { name: "page", test: /[\\/]dist[\\/]report[\\/]page[\\/]/ },
  ],
};

/** Threads' files, which are always modules. */
const THREADS = ["worker", "stream-worker"];

/**
 * Leaves white space and comments out, and writes what is meant in fewer signs. Names stay, for messages and stacks; so do
 * lines, since Node prints the whole line that an uncaught error came from.
 */
const COMPACT = {
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  charset: "utf8",
  legalComments: "none",
  target: "es2022",
};

/** In bundles what is named inside functions is short, too; modules, functions, classes and methods keep their names for stacks. */
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

/** The library's modules without comments, which their declarations keep, and without white space: half of their size. */
async function compactModules(folder) {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith(".js") || name.startsWith("bundle")) continue;
    const code = await readFile(`${folder}/${name}`, "utf8");
    // Those that have been written since.
    if (/\/[/*]|^ {4}/m.test(code)) await writeFile(`${folder}/${name}`, (await transform(code, COMPACT)).code);
  }
}

await compactModules(root("packages/tidu/dist"));
for (const [name, files] of Object.entries(PACKAGES)) {
  const from = (path) => root(`packages/${name}/dist/${path}`);
  await rm(from("bundle"), { recursive: true, force: true });
  const input = Object.fromEntries(Object.entries(files).map(([file, path]) => [file, from(path)]));
  await write(name, input, "esm");
  if (name === "cli") continue;
  // For what knows no modules, such as Jest: Node itself gives `require` the modules ("module-sync").
  await write(name, Object.fromEntries(Object.entries(input).filter(([file]) => !THREADS.includes(file))), "cjs");
}

async function write(name, input, format) {
  // Whatever is not a path is a package, of ours or another's, or one of Node's own modules. So there is one "tidu" in a
  // process, however it is imported.
  const bundle = await rolldown({ input, external: /^[^./\\]/, platform: "node" });
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
    codeSplitting: { groups: GROUPS[name] ?? [] },
  });
  await bundle.close();
}

// The command brings the experiments as they are: it loads them as it loads people's own.
const experiments = root("packages/cli/dist/experiments");
await rm(experiments, { recursive: true, force: true });
await cp(root("experiments"), experiments, { recursive: true, filter: (path) => !/[\\/]results$/.test(path) });
