import { batch } from "@preact/signals";
import type { Reply, Request } from "./protocol.js";

/** A page's line to a worker that trains. */
export interface Engine {
  send(request: Request): void;
}

/**
 * Starts a worker. `hear` is told what the worker says, all that has come together before the browser next paints, so
 * that a page never renders more often than it is seen.
 */
export function startEngine(hear: (reply: Reply) => void, failed: (message: string) => void): Engine {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const send = (request: Request): void => worker.postMessage(request);
  let replies: Reply[] = [];
  const flush = (): void => {
    const all = replies;
    replies = [];
    batch(() => {
      for (const reply of all) hear(reply);
    });
    if (all.some(({ type }) => type === "frame")) send({ type: "shown" });
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    if (replies.length === 0) requestAnimationFrame(flush);
    replies.push(data);
  });
  worker.addEventListener("error", ({ message }) => failed(message));
  return { send };
}
