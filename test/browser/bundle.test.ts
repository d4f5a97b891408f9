import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundle } from "../support/bundle.js";

test("all of the library is bundled for browsers without a warning, such as one of a module that only Node has", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tidu-bundle-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "index.html"), '<script type="module" src="./main.js"></script>');
  const code = 'import * as tidu from "tidu"; import * as data from "tidu/data"; console.log(tidu, data);';
  await writeFile(join(folder, "main.js"), code);
  const { files, warnings } = await bundle(folder, join(folder, "out"));
  expect(warnings).toEqual([]);
  expect(files.map(({ fileName }) => fileName).join()).toMatch(/\/worker-/);
});
