// The bytes of a text file as UTF-8, whatever encoding they were written in.
import { isUtf8 } from "node:buffer";
import { ArgumentError, FormatError } from "tidu";

/** Text as UTF-8, and the encoding that it was read from. */
export interface Text {
  readonly bytes: Uint8Array;
  /** A label of the WHATWG Encoding Standard, such as "utf-8" or "windows-1252". */
  readonly encoding: string;
}

/** Bytes that are looked at to tell UTF-16 without a byte order mark from other encodings. */
const LOOK = 4096;

/**
 * Converts to UTF-8.
 *
 * @param encoding default: by the byte order mark, else UTF-16 if every second byte is 0, else UTF-8 if it is valid, else
 *   Windows-1252, of which Latin-1 is a part.
 * @throws ArgumentError for an encoding that is not known; FormatError for bytes that are not text in it.
 */
export function toUtf8(bytes: Uint8Array, file: string, encoding: string = detect(bytes)): Text {
  const decoder = decoderOf(encoding);
  if (decoder.encoding === "utf-8" && isUtf8(bytes)) return { bytes, encoding: decoder.encoding };
  try {
    return { bytes: new TextEncoder().encode(decoder.decode(bytes)), encoding: decoder.encoding };
  } catch {
    throw new FormatError(file, 0, `it is not ${decoder.encoding} text: name its encoding`);
  }
}

/** Throws ArgumentError for an encoding that is not known. */
export function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  } catch {
    throw new ArgumentError(
      `encoding is ${JSON.stringify(encoding)}; it must be a name such as utf-8, utf-16le, latin1 or shift_jis`,
    );
  }
}

function detect(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const start = bytes.subarray(0, LOOK);
  const zeros = [0, 1].map((side) => start.filter((byte, i) => byte === 0 && i % 2 === side).length);
  if (zeros[1] > start.length / 4 && zeros[0] === 0) return "utf-16le";
  if (zeros[0] > start.length / 4 && zeros[1] === 0) return "utf-16be";
  return isUtf8(bytes) || start.includes(0) ? "utf-8" : "windows-1252";
}
