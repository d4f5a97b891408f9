// Sends a page what runs write, as they write it.
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { RunReader } from "./follow.js";

/** Milliseconds between two looks at the files of a run that somebody watches. */
const EVERY = 250;

/**
 * Sends what runs write as server-sent events, from their beginning on, until the reader goes. One stream is for all runs
 * that a page shows, as browsers keep but few connections to one server. A reader that is slow is waited for.
 */
export async function sendEvents(response: ServerResponse, directory: string, runs: readonly string[]): Promise<void> {
  response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" });
  // Says that the stream is open, though no run may have anything to tell yet.
  response.write(": open\n\n");
  const readers = runs.map((run) => new RunReader(directory, run));
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  while (!gone.signal.aborted) {
    for (const reader of readers) {
      for (const event of await reader.next()) {
        if (gone.signal.aborted) return;
        const isFull = !response.write(`data: ${JSON.stringify(event)}\n\n`);
        if (isFull) await once(response, "drain", { signal: gone.signal }).catch(() => {});
      }
    }
    // A timer of its own between two pieces lets others be answered.
    const pause = readers.some(({ more }) => more) ? 0 : EVERY;
    await wait(pause, undefined, { signal: gone.signal }).catch(() => {});
  }
}
