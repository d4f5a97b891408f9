// ZIP as far as NPZ needs it. Sizes are checked against the file before anything is decompressed, checksums after.

import { FormatError } from "tidu";
import { crc32, inflateRawSync } from "../node.js";

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const ENCRYPTED = 1;
const [STORED, DEFLATED] = [0, 8];
/** Deflate makes at most about 1032 bytes of one. */
const LARGEST_RATIO = 1040;
/** Stands where a size needs 64 bits. */
const SIZE_ELSEWHERE = 0xffffffff;

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Decompresses it. */
  read(): Uint8Array;
}

/**
 * The files in a ZIP archive.
 *
 * @throws FormatError, with the byte offset, if the archive is damaged, encrypted or larger than 4 GiB; so does reading
 *   a file whose sizes or checksum do not hold.
 */
export function readZip(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view, file);
  const count = view.getUint16(end + 10, true);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY) {
      throw new FormatError(file, Math.min(at, bytes.length), `entry ${i} of the ZIP directory is damaged`);
    }
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    entries.push(readEntry(bytes, view, at, name, file));
    at += ENTRY_BYTES + name + extra + comment;
  }
  return entries;
}

/** The archive's last record, before which only a comment may stand. */
function findEnd(view: DataView, file: string): number {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new FormatError(
    file,
    view.byteLength,
    "the ZIP directory is missing: the file is cut short, or it is not a ZIP file",
  );
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, nameBytes: number, file: string): ZipEntry {
  const name = Buffer.from(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes)).toString("utf8");
  const fail = (offset: number, problem: string): never => {
    throw new FormatError(file, offset, `"${name}" ${problem}`);
  };
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [crc, packed, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
  const local = view.getUint32(at + 42, true);
  if (flags & ENCRYPTED) fail(at + 8, "is encrypted; save it without a password");
  if (method !== STORED && method !== DEFLATED) fail(at + 10, `is packed by method ${method}, expected 0 or 8`);
  if (packed === SIZE_ELSEWHERE || size === SIZE_ELSEWHERE) fail(at + 20, "has 4 GiB or more; save it as NPY");
  if (method === STORED ? size !== packed : size > packed * LARGEST_RATIO) {
    fail(at + 24, `cannot hold ${size} bytes in ${packed}`);
  }
  const read = (): Uint8Array => {
    if (local + LOCAL_BYTES > bytes.length || view.getUint32(local, true) !== LOCAL) fail(at + 42, "is not there");
    const start = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packed > bytes.length) fail(at + 20, `ends at byte ${start + packed}, the file at ${bytes.length}`);
    const data = bytes.subarray(start, start + packed);
    const content = method === STORED ? data : inflate(data, size, (problem) => fail(start, problem));
    if (content.length !== size) fail(at + 24, `has ${content.length} bytes, expected ${size}`);
    if (crc32(content) !== crc) fail(start, "does not have its checksum");
    return content;
  };
  return { name, read };
}

function inflate(data: Uint8Array, size: number, fail: (problem: string) => never): Uint8Array {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    return fail(`is damaged: ${(error as Error).message}`);
  }
}
