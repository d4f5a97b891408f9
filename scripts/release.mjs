// Sets the version of all packages: `node scripts/release.mjs 0.2.0` writes it everywhere, dates the changelog's
// section "Unreleased", commits and tags. `--write 0.2.0` does not touch git; `--check 0.2.0` only checks that
// everything is written.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGES = ["tidu", "onnx", "cli"];
const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (/** @type {string} */ path) => readFileSync(at(path), "utf8");

const [first, second] = process.argv.slice(2);
const only = first === "--check" || first === "--write" ? first : undefined;
const version = (only === undefined ? first : second) ?? "";
if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
  throw new Error(`release: version is ${JSON.stringify(version)}; it must be like 0.2.0`);
}

const manifests = ["package.json", ...PACKAGES.map((name) => `packages/${name}/package.json`)];
const CHANGES = "CHANGELOG.md";
/** A manifest with this version for the package itself and for our other packages that it depends on. */
const released = (/** @type {string} */ path) =>
  read(path)
    .replace(/("version": )"[^"]*"/, `$1"${version}"`)
    .replaceAll(/("(?:tidu|@tidu\/\w+)": )"\d[^"]*"/g, `$1"${version}"`);

if (only === "--check") {
  const wrong = manifests.filter((path) => read(path) !== released(path));
  if (!read(CHANGES).includes(`## ${version} `)) wrong.push(CHANGES);
  if (wrong.length > 0)
    throw new Error(`release: not ${version}: ${wrong.join(", ")}; run npm run release -- ${version}`);
} else {
  for (const path of manifests) writeFileSync(at(path), released(path));
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(at(CHANGES), read(CHANGES).replace(/^## Unreleased.*$/m, `## Unreleased\n\n## ${version} (${today})`));
  if (only === undefined) {
    const run = (/** @type {string} */ program, /** @type {string[]} */ ...args) =>
      execFileSync(program, args, { cwd: at(""), stdio: "inherit" });
    run("npm", "install", "--package-lock-only", "--ignore-scripts");
    run("git", "commit", "-am", `Version ${version}`);
    run("git", "tag", `v${version}`);
  }
}
