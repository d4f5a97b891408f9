import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A project in which the packed packages are installed as npm would: their files, what they depend on, and commands. */
let project: string;
let version: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "tidu-package-"));
  await mkdir(join(project, "node_modules", ".bin"), { recursive: true });
  const pack = ["pack", "--workspaces", "--ignore-scripts", "--json", "--pack-destination", project];
  const { stdout } = await run("npm", pack, { cwd: ROOT });
  const packed = Object.values(JSON.parse(stdout) as Record<string, { name: string; filename: string }>);
  for (const { name, filename } of packed) await install(name, join(project, filename));
  for (const { name } of packed) expect((await manifestOf(name)).version).toBe(version);
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
});

const manifestOf = async (name: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(project, "node_modules", name, "package.json"), "utf8"));

async function install(name: string, archive: string): Promise<void> {
  const own = join(project, "node_modules", name);
  await mkdir(own, { recursive: true });
  await run("tar", ["-xzf", archive, "-C", own, "--strip-components", "1"]);
  const manifest = await manifestOf(name);
  version = manifest.version;
  for (const needed of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
    if (/^(@tidu\/|tidu$)/.test(needed)) continue;
    const place = join(project, "node_modules", needed);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(ROOT, "node_modules", needed), place, "junction");
  }
  for (const [command, file] of Object.entries(manifest.bin ?? {})) {
    await symlink(join(own, file), join(project, "node_modules", ".bin", command));
  }
}
afterAll(() => rm(project, { recursive: true }));

const npx = (...args: string[]) => run("npx", ["--no", "--", "tidu", ...args], { cwd: project });

describe("the packed packages", () => {
  it("brings the command", async () => {
    expect((await npx("--version")).stdout).toBe(`${version}\n`);
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
