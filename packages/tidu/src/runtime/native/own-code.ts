// A digest of this package's own code, so that what it made of a program is found again by the same code alone: known
// without planning and printing the program first.
import { nodeModules } from "../../base/node.js";
import { digest } from "./cache.js";

let known: { readonly code: string | undefined } | undefined;

/**
 * The digest of the files that this process runs tidu from; undefined where they cannot be told (another program's bundle
 * holds them), or where one was changed after the process began, which may run what it was before.
 */
export function ownCode(): string | undefined {
  known ??= { code: read(import.meta.url, performance.timeOrigin) };
  return known.code;
}

/**
 * @param url of this module, or of the bundle that holds it.
 * @param began when the process began, in milliseconds since 1970.
 */
export function read(url: string, began: number): string | undefined {
  const get = nodeModules();
  if (get === undefined || !url.startsWith("file:")) return undefined;
  const [fs, path] = [get("node:fs"), get("node:path")];
  const here = get("node:url").fileURLToPath(url);
  const bundled = path.basename(path.dirname(here)) === "bundle";
  const root = path.resolve(here, bundled ? ".." : "../../..");
  try {
    const { name } = JSON.parse(fs.readFileSync(path.resolve(root, bundled ? "../.." : "..", "package.json"), "utf8"));
    if (name !== "tidu") return undefined;
    const files = fs
      .readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((f) => f.endsWith(path.extname(here)));
    const paths = files.sort().map((file) => path.join(root, file));
    if (paths.some((file) => fs.statSync(file).ctimeMs > began)) return undefined;
    return digest(paths.map((file) => digest(fs.readFileSync(file))).join());
  } catch {
    return undefined;
  }
}
