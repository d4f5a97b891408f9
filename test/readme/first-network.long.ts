// The guide for newcomers, done as it is written: an empty folder, its commands, its files, then a digit drawn in the page.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OPENING, openBrowser } from "../support/browser.js";
import { blocksOf, ROOT } from "./blocks.js";

const run = promisify(execFile);
const GUIDE = "docs/learn/first-network.md";
/** Most commands that the guide may need, and most time in milliseconds, a slow machine with other work allowed for. */
const COMMANDS = 9;
const TIME = 300_000;

/** A 7 in one stroke. */
const SEVEN = [
  [95, 70],
  [185, 70],
  [150, 130],
  [125, 220],
] as const;

let folder: string;
let browser: Browser;
const ends: (() => unknown)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tidu-first-"));
  ends.push(() => rm(folder, { recursive: true }));
  browser = await openBrowser();
  ends.push(() => browser.close());
}, OPENING);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** Puts packages in their places: `tidu` as it is packed to be published, others as this repository has them. */
async function install(names: readonly string[]): Promise<void> {
  const modules = join(folder, "node_modules");
  await mkdir(modules, { recursive: true });
  await symlink(join(ROOT, "node_modules", ".bin"), join(modules, ".bin"), "junction").catch(() => undefined);
  for (const name of names) {
    if (name !== "tidu") {
      await symlink(join(ROOT, "node_modules", name), join(modules, name), "junction");
      continue;
    }
    const args = ["pack", "--workspace", "tidu", "--ignore-scripts", "--json", "--pack-destination", folder];
    const { stdout } = await run("npm", args, { cwd: ROOT, maxBuffer: 1e8 });
    const [{ filename }] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
    await mkdir(join(modules, name));
    await run("tar", ["-xzf", join(folder, filename), "-C", join(modules, name), "--strip-components", "1"]);
  }
}

/** What a command of the guide does here: packages come from this repository, not from the registry. */
async function follow(command: string): Promise<string> {
  if (command.startsWith("npm install")) {
    await install(command.split(" ").filter((word) => !/^npm$|^install$|^--/.test(word)));
    return "";
  }
  const [program, ...args] = command.split(" ");
  return (await run(program, args, { cwd: folder })).stdout;
}

/** Starts a server, which goes on until the test ends, and returns the address that it prints. */
function serve(command: string): Promise<string> {
  const [program, ...args] = `${command} --port 0 --strictPort false`.split(" ");
  // A group of its own: npx has children.
  const server = spawn(program, args, { cwd: folder, detached: true });
  ends.push(() => server.pid !== undefined && process.kill(-server.pid));
  return new Promise((done, fail) => {
    let printed = "";
    server.stdout.on("data", (text) => {
      printed += text;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colors
      const address = /http:\/\/localhost:\d+\//.exec(printed.replaceAll(/\u001b\[\d+m/g, ""));
      if (address !== null) done(address[0]);
    });
    server.on("exit", () => fail(new Error(`${command} ended: ${printed}`)));
  });
}

describe("your first network in ten minutes", () => {
  it("leads from an empty folder to a page that reads digits, as it is written", { timeout: TIME }, async () => {
    const started = performance.now();
    const blocks = await blocksOf(GUIDE, "sh", "js", "html", "console");
    const printed =
      blocks
        .find(({ language }) => language === "console")
        ?.code.trim()
        .split("\n") ?? [];
    let commands = 0;
    let address = "";
    for (const { language, code } of blocks) {
      const name = /^(?:\/\/|<!--) ([\w.]+)/.exec(code)?.[1];
      if (name !== undefined) await writeFile(join(folder, name), code);
      if (language !== "sh") continue;
      for (const command of code.trim().split("\n")) {
        commands++;
        if (command === "npx vite") address = await serve(command);
        else if (command === "node train.js") expect(accuracyIn(await follow(command))).toBeGreaterThan(0.97);
        else await follow(command);
      }
    }
    expect(commands).toBeLessThanOrEqual(COMMANDS);
    expect(printed).toHaveLength(3);
    expect(accuracyIn(printed.join("\n"))).toBeGreaterThan(0.97);

    const page = await browser.newPage();
    await page.goto(address);
    const paper = await page.locator("#paper").boundingBox();
    if (paper === null) throw new Error("the page has no paper");
    await page.waitForLoadState("networkidle");
    const [[x, y], ...rest] = SEVEN;
    await page.mouse.move(paper.x + x, paper.y + y);
    await page.mouse.down();
    for (const [a, b] of rest) await page.mouse.move(paper.x + a, paper.y + b, { steps: 6 });
    await page.mouse.up();
    await page.getByText("This is a 7").waitFor();
    expect(performance.now() - started).toBeLessThan(TIME);
  });
});

const accuracyIn = (printed: string): number => Number(/test accuracy ([\d.]+)%/.exec(printed)?.[1]) / 100;
