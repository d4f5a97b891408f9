// What runs tests and checks types.
import { CJS, JS, TS } from "../app.mjs";

const TEST = (/** @type {string} */ from) => `${from}
test("learns XOR", async () => { expect(await learnXor()).toMatch(/accuracy 1, ONNX true/); }, 60000);
`;
const REQUIRED = TEST('const { learnXor } = require("./xor.cjs");');
const IMPORTED = TEST('import { learnXor } from "./xor";');
const PASSED = { commands: [["sh", "-c", "npx jest 2>&1"]], says: /Tests: +1 passed/ };
const TYPES = {
  "xor.ts": TS,
  "main.ts": 'import { learnXor } from "./xor.js";\nlearnXor().then((said) => console.log(said));\n',
};

/** @param {string} version @param {string} module @param {"module" | "commonjs"} type */
const typescript = (version, module, type) => ({
  name: `TypeScript ${version}, ${module}, ${type}`,
  install: [`typescript@${version}`, "@types/node@20"],
  manifest: { type },
  files: {
    ...TYPES,
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        module,
        target: "es2022",
        lib: ["es2022"],
        types: ["node"],
        strict: true,
        skipLibCheck: false,
      },
    }),
  },
  commands: [
    ["npx", "tsc", "-p", "."],
    ["node", "main.js"],
  ],
});

/** @type {import("../project.mjs").Case[]} */
export const testers = [
  {
    name: "Jest, CommonJS",
    install: ["jest"],
    manifest: {},
    files: {
      "xor.cjs": CJS,
      "a.test.cjs": REQUIRED,
      "jest.config.cjs": 'module.exports = { testMatch: ["**/*.test.cjs"] };',
    },
    ...PASSED,
  },
  {
    name: "Jest, jsdom",
    note: "jsdom has no TextEncoder: a setup file gives it Node's",
    install: ["jest", "jest-environment-jsdom"],
    manifest: {},
    files: {
      "xor.cjs": CJS,
      "setup.cjs":
        'const { TextDecoder, TextEncoder } = require("node:util"); Object.assign(globalThis, { TextDecoder, TextEncoder });',
      "a.test.cjs": REQUIRED,
      "jest.config.cjs":
        'module.exports = { testMatch: ["**/*.test.cjs"], testEnvironment: "jsdom", setupFiles: ["./setup.cjs"] };',
    },
    ...PASSED,
  },
  {
    name: "Jest, modules",
    install: ["jest"],
    files: {
      "xor.js": JS,
      "a.test.js": TEST('import { expect, test } from "@jest/globals"; import { learnXor } from "./xor.js";'),
      "jest.config.js": "export default { transform: {} };",
    },
    commands: [["sh", "-c", "NODE_OPTIONS=--experimental-vm-modules npx jest 2>&1"]],
    says: PASSED.says,
  },
  {
    name: "ts-jest, its default",
    install: ["jest", "ts-jest", "typescript@5", "@types/jest"],
    manifest: {},
    files: { "xor.ts": TS, "a.test.ts": IMPORTED, "jest.config.cjs": 'module.exports = { preset: "ts-jest" };' },
    ...PASSED,
  },
  {
    name: "Vitest",
    install: ["vitest"],
    files: { "xor.ts": TS, "a.test.ts": `import { expect, test } from "vitest";${IMPORTED}` },
    commands: [["sh", "-c", "npx vitest run 2>&1"]],
    says: /Tests +1 passed/,
  },
  typescript("5.9", "node16", "module"),
  typescript("5.9", "node16", "commonjs"),
  typescript("5.9", "nodenext", "commonjs"),
  typescript("6", "node16", "commonjs"),
  typescript("6", "nodenext", "module"),
];
