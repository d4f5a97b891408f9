// `npm run test:long`: what takes minutes by itself, in CI after the test command (CONTRIBUTING.md says what that is).
import { defineConfig } from "vitest/config";
import normal from "./vitest.config.ts";

const { projects: _, ...test } = normal.test ?? {};

export default defineConfig({
  ...normal,
  test: {
    ...test,
    // Jobs of four processes want the cores for themselves.
    maxWorkers: 2,
    include: [
      "test/**/*.long.ts",
      "test/collective/mpi/mpi.test.ts",
      "test/native/{c-file,suites}.test.ts",
      "test/webgpu/suites.test.ts",
      "test/tensor/model.test.ts",
    ],
    env: { ...test.env, BUNDLES: "small", C_BUILDS: "all", MPI: "all", NATIVE_SUITES: "long", WEBGPU_SUITES: "long" },
  },
});
