// A page's side of the worker that trains.
import { batch } from "@preact/signals";
import { wantsLessMotion } from "../app/theme.js";
import type { Reply, Request } from "./protocol.js";
import type { Trouble } from "./trouble.js";

/** Milliseconds from one frame to the next for readers who asked for less movement. */
const CALM = 1000;

/** A page's line to a worker that trains. */
export interface Engine {
  send(request: Request): void;
}

/**
 * Starts a worker. `hear` is told what the worker says, all that has come together before the browser next paints, so
 * that a page never renders more often than it is seen.
 */
export function startEngine(hear: (reply: Reply) => void, failed: (trouble: Trouble) => void): Engine {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const send = (request: Request): void => worker.postMessage(request);
  let replies: Reply[] = [];
  let shown = Promise.resolve();
  const flush = (): void => {
    const all = replies;
    replies = [];
    batch(() => {
      for (const reply of all) hear(reply);
    });
    for (const { type } of all) if (type === "frame") shown = shown.then(idle).then(() => send({ type: "shown" }));
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    if (replies.length === 0) requestAnimationFrame(flush);
    replies.push(data);
  });
  worker.addEventListener("error", ({ message }) => failed({ code: "engine", message }));
  return { send };
}

/** Until the browser has drawn what there is and has nothing else to do: a busy page gets fewer frames. */
const idle = (): Promise<void> =>
  new Promise((done) => {
    if (wantsLessMotion()) setTimeout(done, CALM);
    else if ("requestIdleCallback" in globalThis) requestIdleCallback(() => done(), { timeout: CALM });
    else setTimeout(done, 50);
  });
