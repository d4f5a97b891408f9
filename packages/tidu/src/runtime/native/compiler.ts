// The system's C compiler: found once, and asked to make libraries.
import { DeviceError } from "../../base/errors.js";
import { needNodeModules } from "../../base/node.js";
import { digest, FolderFault, type LibraryCache } from "./cache.js";
import { type Ended, run } from "./command.js";
import { ANOTHER_FOLDER, USE_WASM } from "./mend.js";

export interface Compiler {
  /** The command, and arguments that it always has. */
  readonly words: readonly string[];
  /** Its own version text, which is part of a library's key. */
  readonly version: string;
}

/** Milliseconds after which a compiler counts as hung, and is stopped. */
export interface Limits {
  /** For its version, and for the small library of the threads. A device waits for these. */
  readonly first: number;
  /** For a program, which may be large. */
  readonly program: number;
}
export const LIMITS: Limits = { first: 60_000, program: 600_000 };

const INSTALL = `install one (Debian: apt-get install gcc; macOS: xcode-select --install), or name one in CC, or ${USE_WASM}`;
const ANOTHER = `name another compiler in CC, or ${USE_WASM}`;

const FLAGS = ["-O1", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fno-strict-aliasing", "-fwrapv"];
const LINKING =
  process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : ["-Wl,-z,nodelete", "-Wl,-z,noexecstack"];
/** How all libraries are compiled, as a text. */
export const SETTINGS = [...FLAGS, ...LINKING].join(" ");

const modules = () => {
  const get = needNodeModules("native code", USE_WASM);
  return { fs: get("node:fs"), path: get("node:path") };
};

/**
 * The compiler that `CC` names, or the first of the usual ones that is there.
 *
 * @param limit milliseconds that one may take to tell its version.
 */
export async function findCompiler(cache: LibraryCache, limit: number): Promise<Compiler> {
  const named = namedCompiler();
  for (const words of named ? [named] : [["cc"], ["clang"], ["gcc"]]) {
    const version = await versionOf(words, cache, limit);
    if (version !== undefined) return { words, version };
  }
  throw new DeviceError(
    `native code: there is no C compiler${named ? ` named ${named.join(" ")} (CC)` : ""}; ${INSTALL}`,
  );
}

/** The words of `CC`: as for make, it may be a command with arguments, such as "ccache gcc". A file's path is one word. */
function namedCompiler(): readonly string[] | undefined {
  const CC = process.env.CC?.trim();
  if (!CC) return undefined;
  return fileOf(CC) === undefined ? CC.split(/\s+/) : [CC];
}

/** A compiler's version text, asked for once as long as its files stay as they are; undefined where it does not answer. */
async function versionOf(words: readonly string[], cache: LibraryCache, limit: number): Promise<string | undefined> {
  const files = words.map(fileOf);
  const key = files[0] && digest(["compiler", ...words, ...files].join("\0"));
  const known = key && cache.readNote(key);
  if (known) return known;
  const { ok, out, late } = await run([...words, "--version"], "", limit);
  if (late) throw new DeviceError(hung([...words, "--version"], limit));
  if (!ok) return undefined;
  const [version] = out.split("\n");
  if (key) cache.writeNote(key, version);
  return version;
}

/** A text that changes with the file that a command runs; undefined where there is none. */
function fileOf(command: string): string | undefined {
  const { fs, path } = modules();
  const folders = command.includes("/") ? [""] : (process.env.PATH ?? "").split(path.delimiter);
  for (const folder of folders) {
    try {
      const real = fs.realpathSync(path.resolve(folder, command));
      const stat = fs.statSync(real);
      const { ino, size, mtimeMs, ctimeMs } = stat;
      if (stat.isFile()) return [real, ino, size, mtimeMs, ctimeMs].join("\0");
    } catch {}
  }
  return undefined;
}

const hung = (words: readonly string[], limit: number): string =>
  `native code: ${words.join(" ")} did not end within ${limit / 1000} s, and was stopped; ${ANOTHER}`;

/** How a library is made. */
export interface Making {
  readonly march: string;
  /** Processes that each compile a part of it. */
  readonly parts: number;
  /** Milliseconds that each may take. */
  readonly limit: number;
  /** Runs a process when there is a processor for it. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Compiles a text into a shared library.
 *
 * @throws DeviceError with what the compiler says; a FolderFault if it cannot write the library.
 */
export async function compileLibrary(
  compiler: Compiler,
  text: string,
  path: string,
  { march, parts, limit, inTurn }: Making,
): Promise<void> {
  const flags = [...FLAGS, `-march=${march}`, "-fPIC", "-pthread"];
  const library = ["-shared", ...LINKING, "-o", path];
  const compile = async (output: string, args: readonly string[], input = ""): Promise<() => void> => {
    const ended = await inTurn(() => run([...compiler.words, ...args], input, limit));
    return () => accept(compiler, ended, output, limit);
  };
  if (parts === 1) {
    const check = await compile(path, [...flags, ...library, "-x", "c", "-"], text);
    check();
    return checkLibrary(compiler, path);
  }
  const objects = Array.from({ length: parts }, (_, i) => `${path}.${i}.o`);
  try {
    const made = objects.map((object, i) =>
      compile(object, [...flags, "-c", `-DPART=${i}`, "-x", "c", "-", "-o", object], text),
    );
    // All have ended before anything is removed.
    for (const check of await Promise.all(made)) check();
    const check = await compile(path, ["-pthread", ...objects, ...library]);
    check();
    checkLibrary(compiler, path);
  } finally {
    for (const object of objects) modules().fs.rmSync(object, { force: true });
  }
}

/** Messages of compilers that cannot write a file, or not all of it. */
const NO_ROOM =
  /No space left on device|Disk quota exceeded|Read-only file system|Permission denied|Input\/output error/;

/** Throws unless a compiler has ended well and written its output. */
function accept({ words, version }: Compiler, { ok, err, late }: Ended, output: string, limit: number): void {
  if (late) throw new DeviceError(hung(words, limit));
  const { fs, path } = modules();
  if (ok && fs.existsSync(output)) return;
  const folder = path.dirname(output);
  const lines = err.split("\n");
  const isThere = fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  const why = isThere ? lines.find((line) => NO_ROOM.test(line)) : "it was removed meanwhile";
  if (why !== undefined)
    throw new FolderFault(
      `native code: ${version} cannot write a library to ${folder} (${why}); ${ANOTHER_FOLDER}`,
      why,
    );
  if (ok) throw new DeviceError(`native code: ${words.join(" ")} wrote nothing, though it said no error; ${ANOTHER}`);
  throw new DeviceError(
    `native code: ${version} does not compile a program; ${ANOTHER}:\n${lines.slice(0, 5).join("\n")}`,
  );
}

/** The first bytes of libraries: of ELF, of Mach-O, and of Mach-O for several processors. */
const BEGINNINGS = ["7f454c46", "cffaedfe", "cafebabe"];

/** Throws unless a compiler wrote a library: then loading it can only fail for other reasons. */
function checkLibrary({ words }: Compiler, path: string): void {
  const beginning = modules().fs.readFileSync(path).subarray(0, 4).toString("hex");
  if (BEGINNINGS.includes(beginning)) return;
  throw new DeviceError(`native code: ${words.join(" ")} wrote a file that is no library; ${ANOTHER}`);
}
