// The system's C compiler: found once, run as a process beside this one.
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { DeviceError } from "../../base/errors.js";
import { needNodeModules } from "../../base/node.js";
import { digest, FolderFault, type LibraryCache } from "./cache.js";

export interface Compiler {
  readonly command: string;
  /** Its own version text, which is part of a library's key. */
  readonly version: string;
}

const INSTALL =
  "install one (Debian: apt-get install gcc; macOS: xcode-select --install), or name one in CC, or use WasmDevice";

const FLAGS = ["-O1", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fno-strict-aliasing", "-fwrapv"];
const LINKING =
  process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : ["-Wl,-z,nodelete", "-Wl,-z,noexecstack"];
/** How all libraries are compiled, as a text. */
export const SETTINGS = [...FLAGS, ...LINKING].join(" ");

/** Compilers at work. They end with the process, which does not wait for them. */
const atWork = new Set<ChildProcess>();
let watching = false;

/** Makes a compiler end with this process. */
function watch(child: ChildProcess): void {
  atWork.add(child);
  child.on("close", () => void atWork.delete(child));
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as Socket | null)?.unref();
  if (watching) return;
  watching = true;
  process.once("exit", stopCompilers);
}

/** Ends all compilers at work, with what they have started. */
function stopCompilers(): void {
  for (const { pid } of atWork) {
    try {
      if (pid !== undefined) process.kill(-pid);
    } catch {
      // It has already ended.
    }
  }
}

/** Keeps the process alive until a promise is settled; compilers alone do not. */
export function awaited<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, 2 ** 30);
  return promise.finally(() => clearInterval(timer));
}

/** Runs a command with some text as its input; returns its output, and whether it succeeded. */
function run(command: string, args: readonly string[], input = ""): Promise<{ ok: boolean; out: string; err: string }> {
  const { spawn } = needNodeModules("native code", "use WasmDevice")("node:child_process");
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: "pipe", env: { ...process.env, LC_ALL: "C" }, detached: true });
    watch(child);
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => void (out += data));
    child.stderr.on("data", (data) => void (err += data));
    child.on("error", (error) => done({ ok: false, out, err: String(error) }));
    child.on("close", (code, signal) =>
      done({ ok: code === 0, out, err: signal === null ? err : `ended by ${signal}` }),
    );
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** The compiler that `CC` names, or the first of the usual ones that is there. */
export async function findCompiler(cache: LibraryCache): Promise<Compiler> {
  const { CC } = process.env;
  for (const command of CC ? [CC] : ["cc", "clang", "gcc"]) {
    const version = await versionOf(command, cache);
    if (version !== undefined) return { command, version };
  }
  throw new DeviceError(`native code: there is no C compiler${CC ? ` named ${CC} (CC)` : ""}; ${INSTALL}`);
}

/** A compiler's version text, asked for once as long as its file stays as it is; undefined where it does not answer. */
async function versionOf(command: string, cache: LibraryCache): Promise<string | undefined> {
  const file = fileOf(command);
  const key = file && digest(file);
  const known = key && cache.readNote(key);
  if (known) return known;
  const { ok, out } = await run(command, ["--version"]);
  if (!ok) return undefined;
  const [version] = out.split("\n");
  if (key) cache.writeNote(key, version);
  return version;
}

/** A text that changes with the file that a command runs; undefined where there is none. */
function fileOf(command: string): string | undefined {
  const get = needNodeModules("native code", "use WasmDevice");
  const [fs, path] = [get("node:fs"), get("node:path")];
  const folders = command.includes("/") ? [""] : (process.env.PATH ?? "").split(path.delimiter);
  for (const folder of folders) {
    try {
      const real = fs.realpathSync(path.resolve(folder, command));
      const { ino, size, mtimeMs, ctimeMs } = fs.statSync(real);
      return ["compiler", command, real, ino, size, mtimeMs, ctimeMs].join("\0");
    } catch {}
  }
  return undefined;
}

/** Messages of compilers that cannot write a file, or not all of it. */
const NO_ROOM =
  /No space left on device|Disk quota exceeded|Read-only file system|Permission denied|Input\/output error/;

/**
 * Compiles a text into a shared library, with a process for each of its parts.
 *
 * @param inTurn runs a process when there is a processor for it.
 * @throws DeviceError with what the compiler says; a FolderFault if it cannot write the library.
 */
export async function compileLibrary(
  { command, version }: Compiler,
  text: string,
  path: string,
  march: string,
  parts: number,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const flags = [...FLAGS, `-march=${march}`, "-fPIC", "-pthread"];
  const library = ["-shared", ...LINKING, "-o", path];
  const compile = (args: readonly string[], input?: string) => inTurn(() => run(command, args, input));
  if (parts === 1) return accept(version, await compile([...flags, ...library, "-x", "c", "-"], text));
  const objects = Array.from({ length: parts }, (_, i) => `${path}.${i}.o`);
  try {
    const made = objects.map((object, i) =>
      compile([...flags, "-c", `-DPART=${i}`, "-x", "c", "-", "-o", object], text),
    );
    for (const outcome of await Promise.all(made)) accept(version, outcome);
    accept(version, await compile(["-pthread", ...objects, ...library]));
  } finally {
    const { rmSync } = needNodeModules("native code", "use WasmDevice")("node:fs");
    for (const object of objects) rmSync(object, { force: true });
  }
}

function accept(version: string, { ok, err }: { ok: boolean; err: string }): void {
  if (ok) return;
  const why = err.split("\n").slice(0, 5).join("\n");
  if (NO_ROOM.test(err)) throw new FolderFault(`native code: ${version} cannot write a library: ${why}`);
  throw new DeviceError(`native code: ${version} does not compile a program (use WasmDevice meanwhile):\n${why}`);
}
