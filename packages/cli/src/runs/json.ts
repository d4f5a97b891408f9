// JSON of a run's files.
import { FormatError } from "tidu";

/** @throws FormatError, which names the file, for a text that is no JSON. */
export const parseJson = <T>(file: string, text: string): T => parseAt(file, text, 0, "");

/**
 * A value from each line, empty ones left out. Text after the last line break is ignored: a killed run may have left a
 * partial line.
 *
 * @throws FormatError, which names the file and the line, for one that is no JSON.
 */
export function parseLines<T>(file: string, text: string): T[] {
  let start = 0;
  return text
    .split("\n")
    .slice(0, -1)
    .flatMap((line, i) => {
      const at = start;
      start += Buffer.byteLength(line) + 1;
      return line.trim() === "" ? [] : [parseAt<T>(file, line, at, `line ${i + 1}: `)];
    });
}

function parseAt<T>(file: string, text: string, byte: number, place: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    const { message } = cause as Error;
    // V8 counts from the start of the text, in code units.
    const [told, position] = / at position (\d+)(?: \(.*\))?$/.exec(message) ?? [""];
    const at = byte + new TextEncoder().encode(text.slice(0, Number(position ?? 0))).length;
    throw new FormatError(file, at, `${place}it is not JSON: ${message.slice(0, message.length - told.length)}`);
  }
}
