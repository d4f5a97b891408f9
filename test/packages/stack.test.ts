// What Node prints of an error that nobody catches: it shows the whole line that threw, so lines must be short.
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./root.js";

/** What node prints to the terminal when a program ends by an error. */
const ending = (code: string): Promise<string> =>
  new Promise((done) =>
    execFile(process.execPath, ["--input-type=module", "-e", code], { cwd: ROOT }, (_, __, err) => done(err)),
  );

describe("an error that nobody catches", () => {
  it.each([
    ["an option of an optimizer", `import { optim } from "tidu"; optim.adam({ lr: "fast" });`, "adam: lr is"],
    ["shapes that do not fit", `import { ones } from "tidu"; ones([2]).add(ones([3]));`, "add: shapes"],
  ])("is a screen of text for %s", async (_, code, message) => {
    const printed = await ending(code);
    expect(printed).toContain(message);
    expect(printed.length).toBeLessThan(3000);
  });

  it("has no long line to print, in any file of the packages' bundles", async () => {
    for (const name of ["tidu", "onnx", "cli"]) {
      const folder = join(ROOT, "packages", name, "dist/bundle");
      const files = await readdir(folder);
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        const lines = (await readFile(join(folder, file), "utf8")).split("\n");
        expect(Math.max(...lines.map((line) => line.length)), `${name}/${file}`).toBeLessThan(1000);
      }
    }
  });
});
