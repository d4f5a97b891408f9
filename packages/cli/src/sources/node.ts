// Node's functions, loaded when they are called, so that tables can also be read in a browser, which has none.
import { DataError } from "tidu";

type Modules = {
  "node:buffer": typeof import("node:buffer");
  "node:fs": typeof import("node:fs");
  "node:fs/promises": typeof import("node:fs/promises");
  "node:os": typeof import("node:os");
  "node:path": typeof import("node:path");
  "node:stream": typeof import("node:stream");
  "node:zlib": typeof import("node:zlib");
};

/** A call, unlike an import, is nothing that a bundler for browsers has to resolve. */
function get<M extends keyof Modules>(module: M): Modules[M] | undefined {
  return globalThis.process?.getBuiltinModule?.(module) as Modules[M] | undefined;
}

/** A function of a module of Node's. Where there is none it is `other`, or throws DataError. */
function lazy<M extends keyof Modules, N extends keyof Modules[M]>(
  module: M,
  name: N,
  other?: Modules[M][N],
): Modules[M][N] {
  const call = (...args: unknown[]): unknown => {
    const own = (get(module)?.[name] ?? other) as ((...args: unknown[]) => unknown) | undefined;
    if (own === undefined)
      throw new DataError("paths of files can be read in Node only: in a browser give a File that holds a table");
    return own(...args);
  };
  return call as Modules[M][N];
}

export const createReadStream = lazy("node:fs", "createReadStream");
export const readdir = lazy("node:fs/promises", "readdir");
export const readlink = lazy("node:fs/promises", "readlink");
export const stat = lazy("node:fs/promises", "stat");
export const availableParallelism = lazy("node:os", "availableParallelism");
export const dirname = lazy("node:path", "dirname");
export const join = lazy("node:path", "join");
export const relative = lazy("node:path", "relative");
export const basename = lazy("node:path", "basename", (path: string) => path.slice(path.lastIndexOf("/") + 1));
export const pipeline = lazy("node:stream", "pipeline");
export const createGunzip = lazy("node:zlib", "createGunzip");
export const crc32 = lazy("node:zlib", "crc32");
export const inflateRawSync = lazy("node:zlib", "inflateRawSync");
export const isUtf8 = lazy("node:buffer", "isUtf8", ((bytes: Uint8Array) => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}) as Modules["node:buffer"]["isUtf8"]);
