// `npm run tfjs-models [-- PART OF A NAME …]`: fetches npm packages that ship models of TensorFlow.js, reads each by Tidu, and
// prints how far its outputs are from TensorFlow.js' own. What is fetched stays outside of the repository.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { compare } from "./compare.mjs";
import { PACKAGES, TENSORFLOW } from "./packages.mjs";

/** Outputs may differ by this part of the largest number, or by some times what TensorFlow.js' own backends do. */
const [FLOAT32, TIMES] = [1e-5, 4];

const wanted = process.argv.slice(2);
const folder = process.env.TFJS_MODELS ?? join(tmpdir(), "tidu-tfjs-models");
await mkdir(folder, { recursive: true });
if (!existsSync(join(folder, "package.json"))) await writeFile(join(folder, "package.json"), '{ "private": true }\n');
const specs = [...TENSORFLOW, ...PACKAGES.map(({ spec }) => spec)];
const install = ["install", "--no-save", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", ...specs];
await promisify(execFile)("npm", install, { cwd: folder });

const load = createRequire(join(folder, "package.json"));
const tf = load("@tensorflow/tfjs");
const wasm = load("@tensorflow/tfjs-backend-wasm");
wasm.setWasmPaths(join(folder, "node_modules/@tensorflow/tfjs-backend-wasm/dist/"));
wasm.setThreadsCount(1);

const nameOf = (/** @type {string} */ spec) => spec.slice(0, spec.lastIndexOf("@"));
const heads = ["package", "model", "outputs", "from TensorFlow.js, cpu", "its wasm from its cpu", "what is not read"];
console.log(`| ${heads.join(" | ")} |\n|${heads.map(() => "---|").join("")}`);
for (const { spec, models } of PACKAGES) {
  for (const published of models(join(folder, "node_modules", nameOf(spec)))) {
    const label = `${spec} ${published.name}`;
    if (wanted.length > 0 && !wanted.some((part) => label.includes(part))) continue;
    console.log(`| ${[spec, published.name, ...(await outcome(published))].join(" | ")} |`);
  }
}

/** @param {import("./packages.mjs").Published} published @returns {Promise<string[]>} the rest of its row */
async function outcome(published) {
  try {
    const all = await compare(published, tf);
    if (process.env.TFJS_VERBOSE) console.error(published.name, all);
    const offs = all.flatMap(({ off }) => off ?? []);
    const wrong = all.some(({ off = 0, apart = 0 }) => !(off <= Math.max(FLOAT32, TIMES * apart)));
    if (wrong) process.exitCode = 1;
    const problems = [...new Set(all.flatMap(({ problem }) => problem?.slice(0, 200) ?? []))];
    const apart = all.flatMap((output) => output.apart ?? []);
    const off = offs.length === 0 ? "" : wrong ? `**${shown(offs)}**` : shown(offs);
    return [`${offs.length} of ${all.length}`, off, apart.length < all.length ? "" : shown(apart), problems.join("; ")];
  } catch (error) {
    return ["0", "", "", `not run: ${/** @type {Error} */ (error).message.slice(0, 160)}`];
  }
}

/** @param {readonly number[]} differences */
function shown(differences) {
  return Math.max(...differences).toExponential(1);
}
