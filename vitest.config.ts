// How the tests run: which files, in which order, with which time limits.
import { defineConfig } from "vitest/config";
import { ALIASES } from "./scripts/sources.mjs";

export default defineConfig({
  // Tests import the packages by their public names and get the sources, so that a failure points into them.
  resolve: { alias: ALIASES },
  test: {
    include: ["test/**/*.test.ts"],
    // What the library is for Node, beyond what it is for browsers.
    setupFiles: ["packages/tidu/src/runtime/node/host.ts", "packages/tidu/src/train/resume.ts"],
    // Child processes, not threads: tests start worker threads of their own and block on shared memory.
    pool: "forks",
    // Three at a time on two cores: much of what they do waits for processes and pages of their own.
    maxWorkers: 3,
    // Commands that tests run compute on WebAssembly, unless it is native code that is tested.
    env: { TIDU_DEVICE: "wasm" },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
