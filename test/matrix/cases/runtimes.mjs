// Where it runs: versions of Node, Bun, Deno.
import { CJS, JS, MAIN, MAIN_CJS } from "../app.mjs";

/** A network compiled ahead of time, and what it predicts here. */
const EXPORT = `import { writeFileSync } from "node:fs";
import { nn, setDevice, tensor, WasmDevice } from "tidu";
import { predictWasm } from "tidu/native";
setDevice(new WasmDevice({ portable: true }));
const net = nn.sequential(nn.linear(2, 8), nn.tanh(), nn.linear(8, 2));
const { module, loader } = await predictWasm(net, [2], { file: "net.wasm" });
writeFileSync("net.wasm", module);
writeFileSync("net.js", loader);
writeFileSync("expected.json", JSON.stringify([...(await (await net.predict(tensor([[1, 0]]))).data())]));
`;
const WORKER = `import module from "./net.wasm";
import { instantiate } from "./net.js";
const predict = instantiate(module);
export default { fetch: () => Response.json([...predict([1, 0])]) };
`;
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:18787", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "net.js", esModule = embed "net.js"),
    (name = "net.wasm", wasm = embed "net.wasm")
  ],
  compatibilityDate = "2025-01-01"
);
`;
/** Starts it, asks once, ends it. */
const ASK = `import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
const server = spawn("node_modules/.bin/workerd", ["serve", "config.capnp"], { stdio: "inherit" });
let said;
for (let tries = 0; tries < 100 && said === undefined; tries++) {
  await new Promise((go) => setTimeout(go, 100));
  said = await fetch("http://127.0.0.1:18787/").then((answer) => answer.text(), () => undefined);
}
server.kill();
console.log(said === readFileSync("expected.json", "utf8") ? "predicts what Node does" : "said " + said);
`;

const files = { "xor.js": JS, "main.js": MAIN, "xor.cjs": CJS, "main.cjs": MAIN_CJS };

/** @type {import("../project.mjs").Case[]} */
export const runtimes = [
  ...["20", "22", "24", "26"].flatMap((version) =>
    ["main.js", "main.cjs"].map((main) => ({
      name: `Node ${version}, ${main === "main.js" ? "import" : "require"}`,
      install: [`node@${version}`],
      files,
      commands: [["node_modules/.bin/node", main]],
    })),
  ),
  {
    name: "Bun, import",
    install: ["bun"],
    files,
    commands: [
      ["node", "node_modules/bun/install.js"],
      ["npx", "bun", "main.js"],
    ],
  },
  {
    name: "Bun, require",
    install: ["bun"],
    files,
    commands: [
      ["node", "node_modules/bun/install.js"],
      ["npx", "bun", "main.cjs"],
    ],
  },
  { name: "Deno", install: ["deno"], files, commands: [["npx", "deno", "run", "-A", "main.js"]] },
  {
    name: "Cloudflare's workerd",
    install: ["workerd"],
    files: { "export.js": EXPORT, "worker.js": WORKER, "config.capnp": CONFIG, "main.js": ASK },
    commands: [
      ["node", "node_modules/workerd/install.js"],
      ["node", "export.js"],
      ["node", "main.js"],
    ],
    says: /^predicts what Node does$/m,
  },
  {
    name: "Node, single executable",
    install: ["esbuild", "postject", "node@24"],
    files: {
      ...files,
      "sea.json": JSON.stringify({ main: "out.cjs", output: "sea.blob", disableExperimentalSEAWarning: true }),
    },
    commands: [
      ["npx", "esbuild", "main.js", "--bundle", "--platform=node", "--format=cjs", "--outfile=out.cjs"],
      ["node_modules/.bin/node", "--experimental-sea-config", "sea.json"],
      ["sh", "-c", "cp $(node_modules/.bin/node -p process.execPath) app"],
      [
        ...["npx", "postject", "app", "NODE_SEA_BLOB", "sea.blob"],
        ...["--sentinel-fuse", "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2"],
      ],
      ["./app"],
    ],
  },
  {
    name: "esbuild for a Lambda: one CommonJS file",
    install: ["esbuild"],
    files: { ...files, "use.cjs": 'require("./lambda/out.cjs");' },
    commands: [
      [
        "npx",
        "esbuild",
        "main.js",
        "--bundle",
        "--platform=node",
        "--format=cjs",
        "--minify",
        "--outfile=lambda/out.cjs",
      ],
      ["rm", "-r", "node_modules"],
      ["node", "use.cjs"],
    ],
  },
];
