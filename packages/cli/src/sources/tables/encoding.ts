// The bytes of a text file as UTF-8, whatever encoding they were written in.

import { FormatError } from "tidu";
import { refuse } from "tidu/internal";
import { isUtf8 } from "../node.js";
import { optionName } from "../option-names.js";

/** Text as UTF-8, and the encoding that it was read from. */
export interface Text {
  readonly bytes: Uint8Array;
  /** A label of the WHATWG Encoding Standard, such as "utf-8" or "windows-1252". */
  readonly encoding: string;
}

/** Bytes that are looked at to tell UTF-16 without a byte order mark from other encodings. */
const LOOK = 4096;
/** Bytes of a file that is read piece by piece, which decide about its encoding and delimiter. */
const HEAD = 1 << 16;

/**
 * Converts to UTF-8.
 *
 * @param encoding default: by the byte order mark, else UTF-16 if every second byte is 0, else UTF-8 if it is valid, else
 *   Windows-1252, of which Latin-1 is a part.
 * @throws ArgumentError for an encoding that is not known; FormatError for bytes that are not text in it.
 */
export function toUtf8(bytes: Uint8Array, file: string, encoding: string = detect(bytes)): Text {
  checkKnown(file, encoding);
  const decoder = decoderOf(encoding);
  if (decoder.encoding === "utf-8" && isUtf8(bytes)) return { bytes, encoding: decoder.encoding };
  try {
    return { bytes: new TextEncoder().encode(decoder.decode(bytes)), encoding: decoder.encoding };
  } catch {
    throw notText(file, decoder.encoding, bytes);
  }
}

const notText = (file: string, encoding: string, bytes: Uint8Array): FormatError =>
  new FormatError(
    file,
    0,
    bytes.includes(0)
      ? "it is not a table, since it is not text; give a table (CSV, JSON lines, Parquet), or save it as UTF-8"
      : `it is not ${encoding} text; save it as UTF-8, or name its encoding in ${optionName("encoding")}`,
  );

/** A piece of a text, and the encoding that it was read from. */
export interface TextPiece {
  readonly text: string;
  readonly encoding: string;
}

/**
 * Decodes piece by piece. The encoding is told from the beginning of the file.
 *
 * @throws as `toUtf8` does.
 */
export async function* textsOf(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  encoding?: string,
): AsyncGenerator<TextPiece, void, void> {
  let decoder: TextDecoder | undefined;
  let head = new Uint8Array(0);
  const decode = (bytes: Uint8Array, stream: boolean): TextPiece => {
    if (decoder === undefined) {
      const label = encoding ?? detect(bytes, stream);
      checkKnown(file, label);
      decoder = decoderOf(label);
    }
    try {
      return { text: decoder.decode(bytes, { stream }), encoding: decoder.encoding };
    } catch {
      throw notText(file, decoder.encoding, bytes);
    }
  };
  for await (const chunk of chunks) {
    if (decoder === undefined) {
      head = joined(head, chunk);
      if (head.length < HEAD) continue;
    }
    yield decode(decoder === undefined ? head : chunk, true);
  }
  const last = decode(decoder === undefined ? head : new Uint8Array(0), false);
  if (last.text !== "") yield last;
}

/** The encoding of a file, of which all is looked at. */
export async function encodingOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let head = new Uint8Array(0);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const isUtf8SoFar = (bytes?: Uint8Array): boolean => {
    try {
      decoder.decode(bytes, { stream: bytes !== undefined });
      return true;
    } catch {
      return false;
    }
  };
  for await (const chunk of chunks) {
    const looked = head.length >= HEAD;
    if (!looked) head = joined(head, chunk);
    if (!looked && head.length >= HEAD && detect(head, true) !== "utf-8") return detect(head, true);
    if (!isUtf8SoFar(chunk)) return looked ? "windows-1252" : detect(head);
  }
  return isUtf8SoFar() ? detect(head, true) : detect(head);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Throws ArgumentError for an encoding that is not known. */
export function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  } catch {
    return refuse("openData", "encoding", encoding, "a name such as utf-8, utf-16le, latin1 or shift_jis");
  }
}

const UTF_32 = "utf-32";

/** Three bytes of four are 0 where the text is mostly Latin, or the fourth at least: there are not more characters. */
function isUtf32(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, LOOK - (LOOK % 4));
  if (start.length < 8 || start.every((byte) => byte === 0)) return false;
  const zeros = [0, 1, 2, 3].map((place) => start.every((byte, i) => i % 4 !== place || byte === 0));
  return (zeros[3] && start.every((byte, i) => i % 4 !== 2 || byte <= 0x10)) || (zeros[0] && zeros[1]);
}

function checkKnown(file: string, encoding: string): void {
  if (encoding === UTF_32) throw new FormatError(file, 0, "it is UTF-32 text, which is not read; save it as UTF-8");
}

/** @param cut whether the bytes may end inside a character. */
function detect(bytes: Uint8Array, cut = false): string {
  if (isUtf32(bytes)) return UTF_32;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const start = bytes.subarray(0, LOOK);
  const zeros = [0, 1].map((side) => start.filter((byte, i) => byte === 0 && i % 2 === side).length);
  if (zeros[1] > start.length / 4 && zeros[0] === 0) return "utf-16le";
  if (zeros[0] > start.length / 4 && zeros[1] === 0) return "utf-16be";
  return (cut ? beginsAsUtf8(bytes) : isUtf8(bytes)) || start.includes(0) ? "utf-8" : "windows-1252";
}

/** A character takes up to four bytes: the last three may be the beginning of one. */
const beginsAsUtf8 = (bytes: Uint8Array): boolean =>
  [0, 1, 2, 3].some((missing) => isUtf8(bytes.subarray(0, bytes.length - missing)));
