// The suites that run once more on graphics cards; test/webgpu/suites.test.ts starts them.
import { defineConfig } from "vitest/config";
import { NODE_ALIASES } from "../../scripts/sources.mjs";

/** What the runner says of a thread of Deno's that ends late, after its tests: nothing that is tested. */
const LATE = /^\[vitest-pool(-runner)?\]: (Timeout terminating|Failed to terminate|Pending methods while closing)/;

export default defineConfig({
  resolve: { alias: NODE_ALIASES },
  test: {
    include: [
      "test/webgpu/inside/**/*.gpu.ts",
      "test/{nn,optim}/**/*.test.ts",
      // Those of the trainer that tell most for their time: results, learning rates, early stopping, and what is not finite.
      "test/train/{fit,not-finite,variables}.test.ts",
    ],
    setupFiles: ["test/webgpu/inside/setup.ts"],
    // Deno runs workers, not child processes.
    pool: "Deno" in globalThis ? "threads" : "forks",
    // lavapipe does not survive two threads of one process.
    maxWorkers: "Deno" in globalThis ? 1 : 2,
    onUnhandledError: ({ message }) => !("Deno" in globalThis && LATE.test(message)),
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
