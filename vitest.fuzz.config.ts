import { defineConfig } from "vitest/config";
import normal from "./vitest.config.ts";

/** `npm run fuzz`: the normal suite's properties of damaged files, on many more cases. */
export default defineConfig({
  ...normal,
  test: { ...normal.test, include: ["test/fuzz/**/*.fuzz.ts"], testTimeout: 1_800_000 },
});
