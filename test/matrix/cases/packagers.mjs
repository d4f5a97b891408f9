// What installs packages.
import { JS, MAIN } from "../app.mjs";

const files = {
  "xor.js": JS,
  "main.js": MAIN,
  // Saved and read back: not every installer leaves Node's file functions as they are.
  "save.js": `import { load, nn, save } from "tidu";
import { loadOnnx, saveOnnx } from "@tidu/onnx";
const net = nn.sequential(nn.linear(2, 3));
await save(net, "net.safetensors");
await load(nn.sequential(nn.linear(2, 3)), "net.safetensors");
await saveOnnx(net, "net.onnx", [2]);
await loadOnnx("net.onnx");
await import("./main.js");
`,
};
const YARN = "node_modules/@yarnpkg/cli-dist/bin/yarn.js";

/** @type {import("../project.mjs").Case[]} */
export const packagers = [
  { name: "npm", files, commands: [["node", "save.js"]] },
  {
    name: "pnpm",
    files,
    fetch: ({ archives, run }) => run("npx", "-y", "pnpm@10", "add", archives.tidu, archives["@tidu/onnx"]),
    commands: [["npx", "-y", "pnpm@10", "exec", "node", "save.js"]],
  },
  ...["pnp", "node-modules"].map((linker) => ({
    name: `Yarn 4, ${linker}`,
    files: {
      ...files,
      ".yarnrc.yml": `nodeLinker: ${linker}\nenableTelemetry: false\nenableImmutableInstalls: false\n`,
      "yarn.lock": "",
    },
    fetch: async (/** @type {import("../project.mjs").Project} */ { folder, archives, run }) => {
      await run("npm", "install", "--no-audit", "--no-fund", "--prefix", `${folder}/../yarn`, "@yarnpkg/cli-dist@4");
      await run(
        "sh",
        "-c",
        `YARN_NPM_REGISTRY_SERVER=$(npm config get registry) node ../yarn/${YARN} add tidu@file:${archives.tidu} @tidu/onnx@file:${archives["@tidu/onnx"]}`,
      );
    },
    commands: [["node", `../yarn/${YARN}`, "node", "save.js"]],
  })),
];
