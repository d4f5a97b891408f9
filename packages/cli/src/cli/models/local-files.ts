// The local files that a model imports: kept with a run, so that its network can be made again after they have changed.
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { ArgumentError } from "tidu";

/** Texts of files, by their paths from the folder of the model's own file, with "/" between folders. */
export type LocalFiles = Readonly<Record<string, string>>;

/** An import of a file beside it, from its first quote to its last. */
interface LocalImport {
  readonly specifier: string;
  readonly start: number;
  readonly end: number;
}

/** `from "./x"`, `import "./x"`, `import("./x")` and `require("./x")`. */
const IMPORT = /\b(?:from|import|require)\s*(?:\(\s*)?(["'])(\.{1,2}\/[^"'\r\n]+)\1/g;

function importsIn(text: string): LocalImport[] {
  return [...text.matchAll(IMPORT)].map(({ 0: whole, 2: specifier, index }) => {
    const end = index + whole.length;
    return { specifier, start: end - specifier.length - 2, end };
  });
}

const ENDINGS = ["", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];
const INDEXES = ENDINGS.slice(1).map((ending) => `/index${ending}`);

/** The file that an import names; undefined if there is none. */
function find(specifier: string, isThere: (path: string) => boolean): string | undefined {
  // TypeScript names what a file will be compiled to.
  const compiled = /\.([mc]?)js$/.exec(specifier);
  const source = compiled === null ? [] : [`${specifier.slice(0, compiled.index)}.${compiled[1]}ts`];
  const names = [...ENDINGS, ...INDEXES].map((ending) => specifier + ending);
  return [...names, ...source].find(isThere);
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** Reads all files that a module imports from beside it, and those that they import, and so on. */
export function readLocalFiles(source: string, path: string): LocalFiles {
  const base = dirname(resolve(path));
  const files = new Map<string, string>();
  const visit = (text: string, folder: string): void => {
    for (const { specifier } of importsIn(text)) {
      const found = find(specifier, (name) => isFile(join(folder, name)));
      if (found === undefined) continue;
      const file = join(folder, found);
      const name = relative(base, file).replaceAll(sep, "/");
      if (files.has(name) || file === resolve(path)) continue;
      const content = readFileSync(file, "utf8");
      files.set(name, content);
      if (!name.endsWith(".json")) visit(content, dirname(file));
    }
  };
  visit(source, base);
  return Object.fromEntries(files);
}

/** Makes a module of a text: `imports` are the modules that it names, by these names. */
type Evaluate = (text: string, file: string, imports: Record<string, unknown>) => unknown;

/**
 * Evaluates a module whose imports of files beside it are taken from `files`, whatever is there by now.
 *
 * @throws ArgumentError for files that import each other in a circle.
 */
export async function evaluateWith(
  files: LocalFiles,
  source: string,
  path: string,
  evaluate: Evaluate,
): Promise<unknown> {
  const base = dirname(resolve(path));
  const done = new Map<string, Promise<unknown>>();
  const module = async (name: string, chain: readonly string[]): Promise<unknown> => {
    if (chain.includes(name)) {
      const circle = [...chain.slice(chain.indexOf(name)), name].join(" → ");
      throw new ArgumentError(
        `its files have a circular import: ${circle}; break the circle, so that the run can keep them`,
      );
    }
    const found = done.get(name) ?? load(files[name], name, [...chain, name]);
    done.set(name, found);
    return found;
  };
  const load = async (text: string, name: string, chain: readonly string[]): Promise<unknown> => {
    if (name.endsWith(".json")) return { __esModule: true, ...JSON.parse(text), default: JSON.parse(text) };
    const folder = posix.dirname(name);
    const [parts, imports] = [[] as string[], {} as Record<string, unknown>];
    let at = 0;
    for (const { specifier, start, end } of importsIn(text)) {
      const wanted = find(specifier, (other) => Object.hasOwn(files, posix.join(folder, other)));
      if (wanted === undefined) continue;
      const id = `kept:${posix.join(folder, wanted)}`;
      imports[id] ??= await module(posix.join(folder, wanted), chain);
      parts.push(text.slice(at, start), JSON.stringify(id));
      at = end;
    }
    return evaluate(parts.join("") + text.slice(at), join(base, name), imports);
  };
  const own = relative(base, resolve(path)).replaceAll(sep, "/");
  return load(source, own, [own]);
}
