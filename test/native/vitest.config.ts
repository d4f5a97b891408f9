// The suites that run once more on native code; test/native/suites.test.ts starts them.
import { defineConfig } from "vitest/config";
import { NODE_ALIASES } from "../../scripts/sources.mjs";

/** What has no device to run on: it is tested by itself, or it tests WebAssembly. */
const APART = [
  "nn/{init,modules,summary,errors,grad-check}",
  "train/{full-disk,kill,many,memory,stream,summary,checkpoint-file}",
];

export default defineConfig({
  resolve: { alias: NODE_ALIASES },
  test: {
    include: [
      "test/native/inside/**/*.native.ts",
      "test/{nn,optim,train}/**/*.test.ts",
      "test/runtime/padded-rows.test.ts",
    ],
    exclude: APART.map((name) => `test/${name}.test.ts`),
    setupFiles: ["packages/tidu/src/runtime/node/host.ts", "test/native/setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
