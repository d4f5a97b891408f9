// The bytes of a file in pieces, also of standard input and of gzip files.

import { FormatError, TiduError } from "tidu";
import { systemReason } from "tidu/internal";
import { createGunzip, createReadStream, pipeline, stat } from "../node.js";

/** Stands for standard input where a path may stand. */
export const STDIN = "-";

/** A path, or what a page was given. */
export type TableFile = string | File;

/** The name of a file in messages. */
export const nameOf = (file: TableFile): string =>
  typeof file !== "string" ? file.name : file === STDIN ? "standard input" : file;

/** Whether the bytes can be read once only: those of standard input and of pipes. */
export const comesOnce = async (path: string): Promise<boolean> =>
  path === STDIN || (await stat(path).catch(() => undefined))?.isFile() === false;

/**
 * Reads a file from its beginning on. What begins as gzip files do is unpacked.
 *
 * @throws TiduError, which names it, if it cannot be read; FormatError if it is damaged gzip.
 */
export async function* bytesOf(path: string): AsyncGenerator<Uint8Array, void, void> {
  const raw = path === STDIN ? process.stdin : createReadStream(path);
  try {
    const chunks = raw[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, void>;
    const first = await chunks.next();
    const all = resumed(first, chunks);
    if (first.done || !isPacked(first.value, path)) return yield* all;
    yield* pipeline(all, createGunzip(), () => {});
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    if (isDamage(code)) throw damaged(path, message);
    if (cause instanceof TiduError) throw cause;
    const problem = systemReason(cause, "there is no such file");
    throw new TiduError(`cannot read ${nameOf(path)}: ${problem}`, { cause });
  }
}

/** Whether a file must be unpacked: its name says so, or it begins as what gzip writes (RFC 1952). */
export const isPacked = (start: Uint8Array, path: string): boolean =>
  /\.gz$/i.test(path) || (start[0] === 0x1f && start[1] === 0x8b);

/** What an iterator gave, and the rest. */
async function* resumed<T>(
  first: IteratorResult<T, void>,
  rest: AsyncIterator<T, void>,
): AsyncGenerator<T, void, void> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value;
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
