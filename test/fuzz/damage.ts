// Tries a reader on damaged files.
import fc from "fast-check";
import { expect } from "vitest";
import { FormatError, TiduError } from "../../packages/tidu/src/base/errors.js";
import { damaged, mutations } from "../io/mutations.js";
import { requestedBytes } from "./allocations.js";

/** A format whose reader is tried on damaged files. */
export interface DamagedFormat {
  readonly name: string;
  /** Undamaged files. */
  readonly files: readonly Uint8Array[];
  /** Reads a file; what it calls the file stands in its errors. */
  readonly file: string;
  read(bytes: Uint8Array): Promise<unknown> | unknown;
  /** What errors about the content, not the bytes, say about the place, such as a line. */
  readonly place?: RegExp;
  /** Bytes that may be asked for to read one byte of a file, and beside them. */
  readonly bytesPerByte: number;
  readonly spareBytes: number;
}

/**
 * Damages valid files in `cases` ways. Each time the reader must give a result, or an error of the library that names
 * the file and a byte in it, and ask for no more memory than the size of the file justifies.
 */
export async function checkDamaged(format: DamagedFormat, cases: number): Promise<void> {
  for (const whole of format.files) await format.read(whole);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...format.files), mutations, async (whole, list) => {
      const bytes = damaged(whole, list);
      const requested = await requestedBytes(async () => {
        try {
          await format.read(bytes);
        } catch (error) {
          refused++;
          checkError(error, format, bytes.length);
        }
      });
      expect(requested).toBeLessThanOrEqual(format.bytesPerByte * bytes.length + format.spareBytes);
    }),
    { numRuns: cases, seed: 1 },
  );
  // Damage that is never noticed would not be damage.
  expect(refused).toBeGreaterThan(cases / 10);
}

function checkError(error: unknown, { file, place }: DamagedFormat, length: number): void {
  if (!(error instanceof TiduError)) throw error;
  expect(error.message).toContain(file);
  if (!(error instanceof FormatError)) return expect(error.message).toMatch(place ?? /none: every error has an offset/);
  expect(Number.isInteger(error.offset)).toBe(true);
  expect(error.offset).toBeGreaterThanOrEqual(0);
  // A file that was compressed may be longer than it looks.
  if (error.file === file) expect(error.offset).toBeLessThanOrEqual(length);
}
