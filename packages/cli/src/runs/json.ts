// JSON of a run's files.
import { FormatError } from "tidu";

/** @throws FormatError, which names the file, for a text that is no JSON. */
export function parseJson<T>(file: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new FormatError(file, 0, `it is not JSON: ${(cause as Error).message}`);
  }
}
