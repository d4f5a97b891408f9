// The bytes of a file, some at a time: also of what comes in by standard input, and of what gzip has packed.

import { FormatError, TiduError } from "tidu";
import { createGunzip, createReadStream, pipeline } from "../node.js";

/** Stands for standard input where a path may stand. */
export const STDIN = "-";

/** A path, or what a page was given. */
export type TableFile = string | File;

/** What a file is called in print. */
export const nameOf = (file: TableFile): string =>
  typeof file !== "string" ? file.name : file === STDIN ? "standard input" : file;

/**
 * Reads a file from its beginning on. What begins as gzip files do is unpacked.
 *
 * @throws TiduError, which names it, if it cannot be read; FormatError if it is damaged gzip.
 */
export async function* bytesOf(path: string): AsyncGenerator<Uint8Array, void, void> {
  const raw = path === STDIN ? process.stdin : createReadStream(path);
  try {
    if (!/\.gz$/i.test(path)) return yield* raw;
    yield* pipeline(raw, createGunzip(), () => {});
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    if (isDamage(code)) throw damaged(path, message);
    if (cause instanceof TiduError) throw cause;
    const problem = code === "ENOENT" ? "there is no such file" : message;
    throw new TiduError(`cannot read ${nameOf(path)}: ${problem}`, { cause });
  }
}

const isDamage = (code: string): boolean => code.startsWith("Z_") || code === "ERR_STREAM_PREMATURE_CLOSE";

const damaged = (path: string, problem: string): FormatError =>
  new FormatError(nameOf(path), 0, `it cannot be unpacked: ${problem}`);

/** Unpacks the whole content of a gzip file. Throws FormatError if it is damaged. */
export async function gunzipAll(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const unpacked = packed.pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch (cause) {
    const { message, cause: inner } = cause as Error;
    throw damaged(path, (inner as Error | undefined)?.message ?? message);
  }
}
