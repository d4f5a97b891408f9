// `npm run fuzz`: the normal suite's properties of damaged files, on many more cases.
import { defineConfig } from "vitest/config";
import normal from "./vitest.config.ts";

const { projects: _, ...test } = normal.test ?? {};

export default defineConfig({
  ...normal,
  test: { ...test, include: ["test/fuzz/**/*.fuzz.ts"], testTimeout: 1_800_000 },
});
