import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { apiReport, PACKAGES, reportPath } from "../../scripts/api.mjs";

it.each(PACKAGES)("the API of packages/%s is what its api.md says", { timeout: 60_000 }, async (folder) => {
  const said = await readFile(reportPath(folder), "utf8");
  const message = `The public API has changed. If you meant it, run "npm run api" and commit packages/${folder}/api.md`;
  expect(apiReport(folder), message).toBe(said);
});

it("has no names of the inside", async () => {
  const said = await readFile(reportPath("tidu"), "utf8");
  expect(said).toMatch(/^### nn\.linear$/m);
  expect(said).not.toMatch(/^### (adopt|checkShape|stretch)$/m);
});
