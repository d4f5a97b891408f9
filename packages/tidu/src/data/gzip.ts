import { FormatError } from "../base/errors.js";
import { needNodeModules } from "../base/node.js";

/** Whether a file begins as gzip does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Decompresses a file into at most `limit` bytes; throws FormatError, which names `path`, if it holds more, and
 * DeviceError in a browser.
 */
export async function gunzip(bytes: Uint8Array, limit: number, path: string): Promise<Uint8Array> {
  const modules = needNodeModules(`decompressing ${path}`, "decompress it with DecompressionStream first");
  const zlib = modules("node:zlib");
  const { promisify } = modules("node:util");
  try {
    return await promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(zlib.gunzip)(bytes, {
      maxOutputLength: limit,
    });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const tooLong = code === "ERR_BUFFER_TOO_LARGE";
    throw new FormatError(path, 0, tooLong ? `holds more than ${limit} bytes` : `damaged gzip: ${message}`);
  }
}
