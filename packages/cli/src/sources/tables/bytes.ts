// The bytes of a file, some at a time: also of what comes in by standard input, and of what gzip has packed.
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, gunzip } from "node:zlib";
import { FormatError, TiduError } from "tidu";

/** Stands for standard input where a path may stand. */
export const STDIN = "-";

/** What a file is called in print. */
export const nameOf = (path: string): string => (path === STDIN ? "standard input" : path);

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

const gunzipped = promisify(gunzip);

/** Unpacks the whole content of a gzip file. Throws FormatError if it is damaged. */
export async function gunzipAll(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await gunzipped(bytes);
  } catch (cause) {
    throw damaged(path, (cause as Error).message);
  }
}
