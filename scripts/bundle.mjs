// Puts the built modules together into a few files, in dist/bundle. Node reads those (see "exports" in package.json):
// loading 200 small modules takes it longer than compiling a network. Browsers' bundlers take the modules themselves,
// of which they can leave out what an app does not use.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const from = (path) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));

/** Each name in dist/bundle, and the module that it stands for. Threads' files keep their names: others look for them. */
const FILES = {
  index: "node.js",
  augment: "augment/index.js",
  data: "data/index.js",
  debug: "debug/index.js",
  "debug-register": "debug/register.js",
  experiment: "experiment/index.js",
  insight: "insight/index.js",
  onnx: "onnx/index.js",
  report: "report/index.js",
  sources: "sources/index.js",
  worker: "runtime/wasm/worker.js",
  "stream-worker": "data/stream-worker.js",
  tidu: "cli/main.js",
};

const input = Object.fromEntries(Object.entries(FILES).map(([name, path]) => [name, from(path)]));
await rm(from("bundle"), { recursive: true, force: true });
// Whatever is not a path is a package or one of Node's own modules.
const bundle = await rolldown({ input, external: /^[^./\\]/, platform: "node" });
// All that "tidu" itself needs is one file: to find, read and link another takes longer than to parse a tenth of it.
const library = {
  name: "library",
  test: /[\\/]dist[\\/](index|node|base|graph|grad|tensor|compile|codegen|runtime|io|nn|optim|train)\b(?!.*worker)/,
};
await bundle.write({
  dir: from("bundle"),
  format: "esm",
  chunkFileNames: "[name]-[hash].js",
  comments: false,
  codeSplitting: { groups: [library] },
});
await bundle.close();
