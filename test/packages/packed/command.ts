// The packed packages together: one version, and the command that they bring.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { manifests, path, runIn, write } from "./project.js";

const npx = (...args: string[]) => runIn("npx", "--no", "--", "tidu", ...args);
/** What npx runs. */
const tidu = (...args: string[]) => runIn(path("node_modules", ".bin", "tidu"), ...args);

describe("the packed packages", () => {
  it("have one version, and ask for exactly that of each other", () => {
    const [{ version }] = manifests();
    for (const manifest of manifests()) {
      expect(manifest.version).toBe(version);
      const needed = { ...manifest.dependencies, ...manifest.peerDependencies };
      const siblings = Object.entries(needed).filter(([name]) => /^(@tidu\/|tidu$)/.test(name));
      for (const [name, wanted] of siblings) expect(wanted, `${manifest.name} needs ${name}`).toBe(version);
    }
  });

  it("bring the command", async () => {
    expect(await npx("--version")).toBe(`${manifests()[0].version}\n`);
  });

  it("bring the experiments, which import them by their names", async () => {
    expect(await tidu("experiment")).toMatch(/^sigmoid-cost +about .*\?$/m);
  });

  it("train on data, with a model in TypeScript that imports the library, and use what it has learned", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 10},${i % 10 > 4 ? "high" : "low"}`);
    await write("rows.csv", `x,size\n${rows.join("\n")}\n`);
    await write(
      "model.ts",
      `import { nn } from "tidu";
       export default ({ inputShape, classes }: { inputShape: number[]; classes: number }) =>
         nn.sequential(nn.linear(inputShape[0], 8), nn.tanh(), nn.linear(8, classes));`,
    );
    const settings = ["--model", "model.ts", "--lr", "0.05", "--epochs", "20", "--out", "run", "--json"];
    const trained = await tidu("train", "rows.csv", ...settings);
    expect(JSON.parse(trained.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ validation: { accuracy: 1 } });
    await write("new.csv", "x\n1\n8\n");
    const predicted = await tidu("predict", "run", "new.csv", "--top", "1");
    expect(predicted).toMatch(
      /^WebAssembly, \d+ threads?\nnew\.csv:2 +low +\d+\.\d\d%\nnew\.csv:3 +high +\d+\.\d\d%\n$/,
    );
    expect(await readFile(path("run", "report.html"), "utf8")).toContain("</html>");
  });
});
