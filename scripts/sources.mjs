// Maps public subpaths to their sources. Tests and pages import sources instead of builds, so that failures point into
// the sources and nothing has to be built first.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGES = ["tidu", "onnx", "cli"];
const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../packages/${path}`, import.meta.url));

/**
 * The source file of every subpath that the packages export: `{ "tidu/data": "…/packages/tidu/src/data/index.ts", … }`.
 */
export const SOURCES = Object.fromEntries(PACKAGES.flatMap(sourcesOf));

const aliasesOf = (/** @type {Record<string, string>} */ sources) =>
  Object.entries(sources).map(([name, replacement]) => ({ find: new RegExp(`^${name}$`), replacement }));

/** The same as aliases for Vite, each of exactly its name. */
export const ALIASES = aliasesOf(SOURCES);

/** Aliases for Node, where "tidu" is more than it is in browsers. */
export const NODE_ALIASES = aliasesOf({ ...SOURCES, tidu: at("tidu/src/node.ts") });

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
