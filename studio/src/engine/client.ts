// A page's side of the worker that trains.
import { batch } from "@preact/signals";
import { wantsLessMotion } from "../app/theme.js";
import { paintWaiting } from "../ui/painting.js";
import type { Reply, Request } from "./protocol.js";
import type { Trouble } from "./trouble.js";

/** Milliseconds from one frame to the next for readers who asked for less movement. */
const CALM = 1000;

/** A page's line to a worker that trains. */
export interface Engine {
  send(request: Request): void;
}

/**
 * Starts a worker. `hear` is told what the worker says, all that has come together before the browser next draws, so that a
 * page never renders more often than it is seen; of two frames of the network the second waits until the browser draws again.
 */
export function startEngine(hear: (reply: Reply) => void, failed: (trouble: Trouble) => void): Engine {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const send = (request: Request): void => worker.postMessage(request);
  const replies: Reply[] = [];
  let shown = Promise.resolve();
  const flush = (): void => {
    const frame = replies.findIndex(({ type }) => type === "frame");
    const heard = replies.splice(0, frame === -1 ? replies.length : frame + 1);
    if (replies.length > 0) requestAnimationFrame(flush);
    batch(() => {
      for (const reply of heard) hear(reply);
    });
    // Once components have rendered what is new, which they do as soon as this is done.
    queueMicrotask(paintWaiting);
    if (frame !== -1) shown = shown.then(looked).then(() => send({ type: "shown" }));
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    if (replies.length === 0) requestAnimationFrame(flush);
    replies.push(data);
  });
  worker.addEventListener("error", ({ message }) => failed({ code: "engine", message }));
  return { send };
}

/** Until a frame has been looked at: readers who asked for less movement take their time. */
const looked = (): Promise<void> =>
  new Promise((done) => {
    if (wantsLessMotion()) setTimeout(done, CALM);
    else done();
  });
