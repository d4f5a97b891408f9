import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A project in which the packed package is installed as npm would: its files, what it depends on, and its commands. */
let project: string;
let manifest: Manifest;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "tidu-package-"));
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", project], {
    cwd: ROOT,
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const own = join(project, "node_modules", "tidu");
  await mkdir(own, { recursive: true });
  await run("tar", ["-xzf", join(project, filename), "-C", own, "--strip-components", "1"]);
  manifest = JSON.parse(await readFile(join(own, "package.json"), "utf8"));
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    const place = join(project, "node_modules", name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(ROOT, "node_modules", name), place, "junction");
  }
  await mkdir(join(project, "node_modules", ".bin"));
  for (const [name, file] of Object.entries(manifest.bin)) {
    await chmod(join(own, file), 0o755);
    await symlink(join(own, file), join(project, "node_modules", ".bin", name));
  }
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
});
afterAll(() => rm(project, { recursive: true }));

const npx = (...args: string[]) => run("npx", ["--no", "--", "tidu", ...args], { cwd: project });

describe("the packed package", () => {
  it("brings the command", async () => {
    expect((await npx("--version")).stdout).toBe(`${manifest.version}\n`);
  });

  it("brings the experiments, which import it by its name", async () => {
    expect((await npx("experiment")).stdout).toMatch(/^sigmoid-cost +about .*\?$/m);
  });

  it("trains on data, with a model in TypeScript that imports the library, and uses what it has learned", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 10},${i % 10 > 4 ? "high" : "low"}`);
    await writeFile(join(project, "rows.csv"), `x,size\n${rows.join("\n")}\n`);
    await writeFile(
      join(project, "model.ts"),
      `import { nn } from "tidu";
       export default ({ inputShape, classes }: { inputShape: number[]; classes: number }) =>
         nn.sequential(nn.linear(inputShape[0], 8), nn.tanh(), nn.linear(8, classes));`,
    );
    const settings = ["--model", "model.ts", "--lr", "0.05", "--epochs", "20", "--out", "run", "--json"];
    const { stdout } = await npx("train", "rows.csv", ...settings);
    expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ validation: { accuracy: 1 } });
    await writeFile(join(project, "new.csv"), "x\n1\n8\n");
    const predicted = await npx("predict", "run", "new.csv", "--top", "1");
    expect(predicted.stdout).toMatch(/^new\.csv:2 +low +\d+\.\d\d%\nnew\.csv:3 +high +\d+\.\d\d%\n$/);
    expect(await readFile(join(project, "run", "report.html"), "utf8")).toContain("</html>");
  });
});
