import type { ServerResponse } from "node:http";
import { RunReader } from "./follow.js";

/** Milliseconds between two looks at the files of a run that somebody watches. */
const EVERY = 250;

/**
 * Sends what runs write as server-sent events, from their beginning on, until the reader goes. One stream is for all runs
 * that a page shows, as browsers keep but few connections to one server.
 */
export function sendEvents(response: ServerResponse, directory: string, runs: readonly string[]): void {
  response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" });
  // Says that the stream is open, though no run may have anything to tell yet.
  response.write(": open\n\n");
  const readers = runs.map((run) => new RunReader(directory, run));
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const events = (await Promise.all(readers.map((reader) => reader.next()))).flat();
    if (response.destroyed) return;
    for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
    timer = setTimeout(() => void look(), EVERY);
  };
  response.on("close", () => clearTimeout(timer));
  void look();
}
