// Where compiled programs are kept between processes: a folder of the user's own, which nobody else can write to. What is loaded is
// checked first, and appears there whole or not at all.
import { needNodeModules } from "../../base/node.js";

const modules = () => {
  const get = needNodeModules("native code", "use WasmDevice");
  return { fs: get("node:fs"), os: get("node:os"), path: get("node:path"), crypto: get("node:crypto") };
};

/** The folder that `TIDU_CACHE` names, or that the system keeps for such things. */
function wanted(): string {
  const { os, path } = modules();
  const { TIDU_CACHE, XDG_CACHE_HOME } = process.env;
  if (TIDU_CACHE) return TIDU_CACHE;
  if (XDG_CACHE_HOME) return path.join(XDG_CACHE_HOME, "tidu");
  return path.join(os.homedir(), process.platform === "darwin" ? "Library/Caches/tidu" : ".cache/tidu");
}

/** Whether a folder is there, this user's alone, and can be written to. */
function isOwn(folder: string): boolean {
  const { fs } = modules();
  const { uid, mode } = fs.lstatSync(folder);
  if (!fs.lstatSync(folder).isDirectory() || uid !== process.getuid?.() || (mode & 0o077) !== 0) return false;
  fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
  return true;
}

/** The cache's folder; one for this process alone where there cannot be any that lasts. */
export function cacheFolder(): string {
  const { fs, os, path } = modules();
  try {
    const folder = wanted();
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (isOwn(folder)) return folder;
  } catch {
    // Read-only, full, or somebody else's.
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tidu-"));
  process.once("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const digest = (data: string | Uint8Array): string =>
  modules().crypto.createHash("sha256").update(data).digest("hex");

/**
 * The library that a key stands for, made by `make` if it is not there or not whole.
 *
 * @param make writes it to a path.
 */
export async function cached(folder: string, key: string, make: (path: string) => Promise<void>): Promise<string> {
  const { fs, path } = modules();
  const [library, sum] = [path.join(folder, `${key}.so`), path.join(folder, `${key}.sum`)];
  if (isWhole(library, sum)) return library;
  const own = `${library}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    await make(own);
    fs.writeFileSync(`${own}.sum`, digest(fs.readFileSync(own)), { mode: 0o600 });
    fs.renameSync(`${own}.sum`, sum);
    fs.renameSync(own, library);
  } finally {
    fs.rmSync(own, { force: true });
    fs.rmSync(`${own}.sum`, { force: true });
  }
  return library;
}

function isWhole(library: string, sum: string): boolean {
  const { fs } = modules();
  try {
    return fs.readFileSync(sum, "utf8") === digest(fs.readFileSync(library));
  } catch {
    return false;
  }
}
