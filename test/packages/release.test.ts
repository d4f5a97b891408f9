// The release script writes one version everywhere, and says where one is missing.
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, run } from "./root.js";

const MANIFESTS = [
  "package.json",
  "packages/tidu/package.json",
  "packages/onnx/package.json",
  "packages/cli/package.json",
];

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "tidu-release-"));
  for (const file of [...MANIFESTS, "CHANGELOG.md", "scripts/release.mjs"])
    await cp(join(ROOT, file), join(copy, file));
});
afterAll(() => rm(copy, { recursive: true }));

const release = (...args: string[]) => run(process.execPath, [join(copy, "scripts/release.mjs"), ...args]);
const read = (file: string): Promise<string> => readFile(join(copy, file), "utf8");

describe("the release script", () => {
  it("refuses what is no version", () => expect(release("--write", "next")).rejects.toThrow(/version is "next"/));

  it("names the files that have another version", async () => {
    await expect(release("--check", "9.8.7")).rejects.toThrow(/not 9\.8\.7: package\.json, .*CHANGELOG\.md/);
  });

  it("writes the version into every package, where they ask for each other too, and dates the changelog", async () => {
    await release("--write", "9.8.7");
    await release("--check", "9.8.7");
    const manifests = await Promise.all(MANIFESTS.map(async (file) => JSON.parse(await read(file))));
    for (const { version } of manifests) expect(version).toBe("9.8.7");
    expect(manifests[3].dependencies["@tidu/onnx"]).toBe("9.8.7");
    expect(await read("CHANGELOG.md")).toMatch(/^## Unreleased\n\n## 9\.8\.7 \(\d{4}-\d\d-\d\d\)$/m);
  });
});
