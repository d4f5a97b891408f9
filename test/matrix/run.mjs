// `npm run matrix [-- PART OF A NAME …]`: installs the packed packages in fresh projects of all the tools that people use
// them with, and prints what came of it as a table. Fetches those tools; `npm test` has the short form.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { bundlers } from "./cases/bundlers.mjs";
import { frameworks } from "./cases/frameworks.mjs";
import { packagers } from "./cases/packagers.mjs";
import { runtimes } from "./cases/runtimes.mjs";
import { testers } from "./cases/testers.mjs";
import { carryOut } from "./project.mjs";

/** @typedef {import("./project.mjs").Case} Case */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const wanted = process.argv.slice(2).filter((argument) => argument !== "--keep");
const keep = process.argv.includes("--keep");
/** @type {Case[]} */
const all = [...runtimes, ...testers, ...packagers, ...bundlers, ...frameworks];
const cases = all.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

const folder = await mkdtemp(join(tmpdir(), "tidu-matrix-"));
const pack = ["pack", "--workspaces", "--ignore-scripts", "--json", "--pack-destination", folder];
const { stdout } = await promisify(execFile)("npm", pack, { cwd: ROOT, maxBuffer: 1e8 });
/** @type {{ name: string, filename: string }[]} */
const packed = Object.values(JSON.parse(stdout));
const archives = Object.fromEntries(packed.map(({ name, filename }) => [name, join(folder, filename)]));

console.log("| with | came of it | seconds | command |\n|---|---|---|---|");
for (const one of cases) {
  const start = performance.now();
  const outcome = await carryOut(one, join(folder, String(cases.indexOf(one))), archives).catch(problem);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`| ${one.name} | ${outcome} | ${seconds} | \`npm run matrix -- "${one.name}"\` |`);
  if (outcome.startsWith("**")) process.exitCode = 1;
}
if (keep) console.log(`\nkept: ${folder}`);
else await rm(folder, { recursive: true, force: true });

/** @param {Error & { stdout?: string, stderr?: string }} error */
function problem({ message, stdout = "", stderr = "" }) {
  if (process.env.MATRIX_VERBOSE !== undefined) console.error(message, stdout, stderr);
  const lines = `${stderr}\n${stdout}\n${message}`.split("\n").map((line) => line.trim());
  const line = lines.find((text) => /error|cannot|not found|unexpected/i.test(text)) ?? message.split("\n")[0];
  return `**failed**: ${line.slice(0, 160).replaceAll("|", "/")}`;
}
