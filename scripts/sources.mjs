// Where the source of each public name lies: tests and pages take sources in the place of builds, so that a failure
// points into them and nothing has to be built first.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGES = ["tidu", "onnx", "cli"];
const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../packages/${path}`, import.meta.url));

/** The source file of everything that the packages export: `{ "tidu/data": "…/packages/tidu/src/data/index.ts", … }`. */
export const SOURCES = Object.fromEntries(PACKAGES.flatMap(sourcesOf));

/** The same as aliases for Vite, each of exactly its name. */
export const ALIASES = Object.entries(SOURCES).map(([name, replacement]) => ({
  find: new RegExp(`^${name}$`),
  replacement,
}));

/** @param {string} folder @returns {[name: string, file: string][]} */
function sourcesOf(folder) {
  const { name, exports } = JSON.parse(readFileSync(at(`${folder}/package.json`), "utf8"));
  return Object.entries(exports).flatMap(([subpath, entry]) => {
    if (typeof entry === "string") return [];
    const source = at(`${folder}/${(entry.import ?? entry).default.replace("./dist/", "src/")}`);
    const typed = source.replace(/\.js$/, ".ts");
    return [[`${name}${subpath.slice(1)}`, existsSync(typed) ? typed : source]];
  });
}
