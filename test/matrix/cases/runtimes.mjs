// Where it runs: versions of Node, Bun, Deno.
import { CJS, JS, MAIN, MAIN_CJS } from "../app.mjs";

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
