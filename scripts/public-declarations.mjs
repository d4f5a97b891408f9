// Which declaration files a package's users need: those that its "exports" name, and all that these import.
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";

const IMPORT = /(?:from|import\(|^import)\s*"(\.[^"]*)\.js"/gm;
const COMMENT = /\/\*.*?\*\//gs;

/**
 * The declaration files that are reached from `exports`, by their paths in `dist`.
 *
 * @param {string} folder the package's
 * @param {object} exports what its package.json has
 * @returns {Promise<Set<string>>}
 */
export async function publicDeclarations(folder, exports) {
  /** @type {Set<string>} */
  const needed = new Set();
  const visit = async (/** @type {string} */ path) => {
    if (needed.has(path)) return;
    needed.add(path);
    const text = (await readFile(join(folder, "dist", path), "utf8")).replaceAll(COMMENT, "");
    for (const [, imported] of text.matchAll(IMPORT)) {
      await visit(posix.join(posix.dirname(path), `${imported}.d.ts`));
    }
  };
  for (const [, path] of JSON.stringify(exports).matchAll(/"\.\/dist\/([^"]*\.d\.ts)"/g)) await visit(path);
  return needed;
}
