// Finds the files of a package that its users need: those that its "exports" name, and everything that these import.
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";

const IMPORT = /(?:from|import\(|^import)\s*"(\.[^"]*)\.js"/gm;
/** Modules are minified, and also name the files of workers. */
const NAMED = /["'`](\.{1,2}\/[^"'`\s]*)\.js["'`]/g;
const COMMENT = /\/\*.*?\*\//gs;

/**
 * The files that `exports` reaches, by their paths in `dist`.
 *
 * @param {string} folder the package's
 * @param {object} exports what its package.json has
 * @param {RegExp} imports what one file names of others, without the ending
 * @param {string} ending of all of them
 * @returns {Promise<Set<string>>}
 */
async function reached(folder, exports, imports, ending) {
  /** @type {Set<string>} */
  const needed = new Set();
  const visit = async (/** @type {string} */ path) => {
    if (needed.has(path)) return;
    const text = await readFile(join(folder, "dist", path), "utf8").catch(() => undefined);
    if (text === undefined) return;
    needed.add(path);
    for (const [, imported] of text.replaceAll(COMMENT, "").matchAll(imports)) {
      await visit(posix.join(posix.dirname(path), `${imported}${ending}`));
    }
  };
  for (const [, path] of JSON.stringify(exports).matchAll(/"\.\/dist\/([^"]*)"/g))
    if (path.endsWith(ending)) await visit(path);
  return needed;
}

/** The declaration files. @param {string} folder @param {object} exports */
export const publicDeclarations = (folder, exports) => reached(folder, exports, IMPORT, ".d.ts");

/** The modules. @param {string} folder @param {object} exports */
export const publicModules = (folder, exports) => reached(folder, exports, NAMED, ".js");
