// How the tests run: which files, in which order, with which time limits.
import { defineConfig } from "vitest/config";
import { ALIASES } from "./scripts/sources.mjs";

const filesOf = (folders: readonly string[]): string[] => folders.map((name) => `test/${name}/**/*.test.ts`);

/** What leaves nothing behind in its process: a process takes one file after the other, and loads the library once. */
const TOGETHER = filesOf([
  ...["augment", "bench", "bundle", "cli", "compile", "data", "debug", "experiments", "graph", "insight", "io", "loop"],
  ...["nn", "onnx", "ops", "optim", "plan", "readme", "report", "serving", "sources", "tensor", "toolbox"],
]);

export default defineConfig({
  // Tests import the packages by their public names and get the sources, so that a failure points into them.
  resolve: { alias: ALIASES },
  test: {
    projects: [
      { extends: true, test: { name: "together", include: TOGETHER, isolate: false } },
      // Threads, memory, processes and browsers: each file has a process of its own.
      { extends: true, test: { name: "apart", include: ["test/**/*.test.ts"], exclude: TOGETHER } },
    ],
    // What the library is for Node, beyond what it is for browsers.
    setupFiles: ["packages/tidu/src/runtime/node/host.ts", "packages/tidu/src/train/resume.ts", "test/setup.ts"],
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
