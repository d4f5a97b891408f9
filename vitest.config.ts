import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests import the library by its public name and get the sources, so that a failure points into src.
    alias: [
      { find: /^tidu$/, replacement: source("index.ts") },
      { find: /^tidu\/augment$/, replacement: source("augment/index.ts") },
      { find: /^tidu\/data$/, replacement: source("data/index.ts") },
      { find: /^tidu\/debug$/, replacement: source("debug/index.ts") },
      { find: /^tidu\/experiment$/, replacement: source("experiment/index.ts") },
      { find: /^tidu\/insight$/, replacement: source("insight/index.ts") },
      { find: /^tidu\/onnx$/, replacement: source("onnx/index.ts") },
      { find: /^tidu\/report$/, replacement: source("report/index.ts") },
      { find: /^tidu\/sources$/, replacement: source("sources/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    // What the library is for Node, beyond what it is for browsers.
    setupFiles: [source("runtime/wasm/joining.ts")],
    // Child processes, not threads: tests start worker threads of their own and block on shared memory.
    pool: "forks",
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
