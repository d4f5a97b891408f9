// Shows how far reading of large data has come.
import type { ReadProgress } from "../../sources/source.js";
import type { Output } from "../output.js";
import { StatusLine } from "./status-line.js";

const REDRAW_EVERY = 100;

/** Reads data and, on a terminal, shows how far it has come, if it takes long enough to be asked for. */
export async function reading<T>(
  output: Output,
  read: (onProgress?: (progress: ReadProgress) => void) => Promise<T>,
): Promise<T> {
  const line = new StatusLine(output);
  if (!line.seen) return read();
  let drawnAt = performance.now();
  try {
    return await read(({ done, total }) => {
      const now = performance.now();
      if (now - drawnAt < REDRAW_EVERY) return;
      line.show(`reading ${done} of ${total}`);
      drawnAt = now;
    });
  } finally {
    line.clear();
  }
}
