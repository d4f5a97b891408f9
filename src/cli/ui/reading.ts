import type { ReadProgress } from "../../sources/source.js";
import type { Output } from "../output.js";
import { isInteractive } from "./terminal.js";

const REDRAW_EVERY = 100;
const CLEAR_LINE = "\r\x1b[2K";

/** Reads data and, on a terminal, shows how far it has come, if it takes long enough to be asked for. */
export async function reading<T>(
  { stream, json }: Output,
  read: (onProgress?: (progress: ReadProgress) => void) => Promise<T>,
): Promise<T> {
  if (json || !isInteractive(stream)) return read();
  let drawnAt = performance.now();
  let drawn = false;
  try {
    return await read(({ done, total }) => {
      const now = performance.now();
      if (now - drawnAt < REDRAW_EVERY) return;
      stream.write(`${CLEAR_LINE}reading ${done} of ${total}`);
      drawnAt = now;
      drawn = true;
    });
  } finally {
    if (drawn) stream.write(CLEAR_LINE);
  }
}
