// The README's sessions at the command line: the commands print the lines that stand there, but for the numbers.
import { readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { workplace } from "../cli/support.js";
import { ROOT } from "./blocks.js";

const { path, tidu } = workplace();
beforeAll(() => symlink(join(ROOT, "examples"), path("examples"), "junction"));

const readme = await readFile(join(ROOT, "README.md"), "utf8");
const sessions = [
  ...(/^```console\n(.*?)^```$/ms.exec(readme)?.[1] ?? "").matchAll(/^\$ npx tidu (.*)\n((?:[^$\n].*|)\n)*/gm),
];

/** A line without what another machine changes: numbers, their units, and the device. */
const shape = (line: string): string =>
  line
    .replace(/^(WebAssembly|native code \(.*\)), .*/, "DEVICE")
    .replaceAll(/\d[\d,]*(\.\d+)?/g, "#")
    .replaceAll(/# (µs|ms|s|min)\b/g, "# s")
    .replaceAll("#K", "#")
    .replaceAll(/ +/g, " ")
    .trim();

/** All digits would take minutes. */
const shorter = (command: string): string => command.replace("mnist --model", "mnist --samples 600 --model");
/** As a shell gives them. */
const files = async (word: string): Promise<string[]> => {
  if (!word.endsWith("/*.png")) return [word];
  const folder = word.slice(0, -"/*.png".length);
  return (await readdir(join(ROOT, folder))).sort().map((name) => `${folder}/${name}`);
};

it.each(sessions.map(([all, command]) => [command, all]))("%s", async (command, session) => {
  const words = await Promise.all(shorter(command).split(" ").map(files));
  const { code, out } = await tidu(...words.flat());
  expect(code).toBe(0);
  const printed = out.split("\n").map(shape);
  let from = 0;
  for (const line of session.split("\n").slice(1).map(shape)) {
    if (line === "…" || line === "") continue;
    const at = printed.indexOf(line, from);
    expect(at, `${line} in:\n${out}`).toBeGreaterThanOrEqual(from);
    from = at + 1;
  }
  expect(from).toBeGreaterThan(1);
});
