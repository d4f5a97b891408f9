// Every public function with each argument, option and element replaced by each bad value: what they do not refuse as they
// should is listed in fuzz-api.txt.
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fuzzApi } from "./api/run.js";
import { readSurface } from "./api/surface.js";

test("every bad call", async () => {
  const { calls, findings } = await fuzzApi(readSurface(), 1);
  await writeFile("fuzz-api.txt", findings.map(({ call, problem }) => `${call}: ${problem}\n`).join(""));
  console.log(`${calls} calls, ${findings.length} findings`);
  expect(findings).toEqual([]);
});
