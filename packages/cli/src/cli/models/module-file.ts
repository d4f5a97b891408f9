// jiti: no dependencies, kept up, and it takes TypeScript on every Node and hands modules of ours to the file.
import { createJiti } from "jiti";
import * as tidu from "tidu";
import * as data from "tidu/data";
import { evaluateWith, type LocalFiles } from "./local-files.js";

/**
 * A loader of the user's own TypeScript or JavaScript, as from `path`: imports from "tidu" are this very library.
 *
 * @param modules further modules of the package that it may import, by their names.
 */
export const loaderAt = (
  path: string,
  { moduleCache = true, modules = {} }: { moduleCache?: boolean; modules?: Record<string, unknown> },
) =>
  createJiti(path, {
    fsCache: false,
    moduleCache,
    interopDefault: false,
    virtualModules: { tidu, "tidu/data": data, ...modules },
  });

/**
 * Runs the text of a module, TypeScript or JavaScript, and returns its default export. What it imports from "tidu" is
 * this very library, wherever the file lies; files beside it are taken from `files`; other imports are looked for from
 * `path`, where the file was.
 *
 * @throws whatever the module throws, or the reason why it cannot be read.
 */
export async function evaluateModule(source: string, path: string, files: LocalFiles = {}): Promise<unknown> {
  const exported = await evaluateWith(files, source, path, (text, filename, modules) =>
    loaderAt(filename, { moduleCache: false, modules }).evalModule(text, {
      filename,
      async: true,
      forceTranspile: true,
    }),
  );
  // A CommonJS module's default export is all that it exports.
  const isModule = typeof exported === "object" && exported !== null && "__esModule" in exported;
  return isModule ? (exported as { readonly default?: unknown }).default : exported;
}
