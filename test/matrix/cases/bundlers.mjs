// What makes pages of modules.

import { ENGINE, ending, JS, PAGE, START } from "../app.mjs";
import { ISOLATION } from "../project.mjs";

const VITE = { server: { headers: ISOLATION } };
/** Vite 7 puts packages together anew for its dev server, and leaves the threads' file behind, unless told not to. */
const EXCLUDED = { ...VITE, optimizeDeps: { exclude: ["tidu", "@tidu/onnx"] } };
const config = (/** @type {object} */ value) => ({
  ...PAGE,
  "vite.config.js": `export default ${JSON.stringify(value)};`,
});
const dev = (/** @type {number} */ port) => ["npx", "vite", "--port", String(port), "--strictPort"];
const vite = (/** @type {string} */ version) => [
  {
    name: `Vite ${version}, build`,
    install: [`vite@${version}`],
    files: PAGE,
    commands: [["npx", "vite", "build"]],
    pages: "dist",
  },
  { name: `Vite ${version}, dev`, install: [`vite@${version}`], files: config(VITE), serve: dev },
];
const WITHOUT_ONNX = JS.replace(/import .*onnx";\n/, "")
  .replace(/ {2}const file(.|\n)*same = .*\n/, "")
  .replace(', ONNX " + same + "', "");
const HTML = PAGE["index.html"];

/** @type {import("../project.mjs").Case[]} */
export const bundlers = [
  ...vite("7"),
  { name: "Vite 7, dev, optimizeDeps.exclude", install: ["vite@7"], files: config(EXCLUDED), serve: dev },
  ...vite("8"),
  {
    name: "webpack 5",
    install: ["webpack@5", "webpack-cli"],
    files: {
      ...PAGE,
      "dist/index.html": HTML,
      "webpack.config.js": 'export default { mode: "production", entry: "./main.js" };',
    },
    commands: [["npx", "webpack"]],
    pages: "dist",
  },
  {
    name: "Rspack",
    install: ["@rspack/core", "@rspack/cli"],
    files: {
      ...PAGE,
      "dist/index.html": HTML,
      "rspack.config.js": 'export default { mode: "production", entry: "./main.js" };',
    },
    commands: [["npx", "rspack", "build"]],
    pages: "dist",
  },
  {
    name: "esbuild",
    install: ["esbuild"],
    files: {
      "dist/index.html": HTML,
      "main.js": ending(START, ".js"),
      "engine.js": ending(ENGINE, ".js"),
      "xor.js": JS,
    },
    commands: [
      [
        ...["npx", "esbuild", "main=./main.js", "engine=./engine.js", "worker=tidu/worker"],
        ...["--bundle", "--format=esm", "--minify", "--outdir=dist"],
      ],
    ],
    pages: "dist",
  },
  {
    name: "Rollup",
    install: ["rollup", "@rollup/plugin-node-resolve"],
    files: {
      ...PAGE,
      "dist/index.html": HTML,
      "rollup.config.js": `import { nodeResolve } from "@rollup/plugin-node-resolve";
export default ["main.js", "engine.js", "tidu/worker"].map((input) => ({
  input, plugins: [nodeResolve({ browser: true })],
  output: { file: \`dist/\${input.replace("tidu/", "").replace(".js", "")}.js\`, format: "es" },
}));`,
    },
    commands: [["npx", "rollup", "-c"]],
    pages: "dist",
  },
  {
    name: "Parcel 2, tidu alone",
    install: ["parcel@2"],
    files: { ...PAGE, "xor.js": WITHOUT_ONNX },
    commands: [["npx", "parcel", "build", "index.html"]],
    pages: "dist",
    says: /accuracy 1, threads.*/,
  },
  {
    name: "Parcel 2, packageExports",
    install: ["parcel@2"],
    manifest: { type: "module", "@parcel/resolver-default": { packageExports: true } },
    files: PAGE,
    commands: [["npx", "parcel", "build", "index.html"]],
    pages: "dist",
  },
  {
    name: "bun build",
    install: ["bun"],
    files: { ...PAGE, "dist/index.html": HTML },
    commands: [
      ["node", "node_modules/bun/install.js"],
      [
        "npx",
        "bun",
        "build",
        "main.js",
        "engine.js",
        "node_modules/tidu/dist/runtime/wasm/worker.js",
        "--outdir",
        "dist",
        "--entry-naming",
        "[name].[ext]",
      ],
    ],
    pages: "dist",
  },
];
