// How threads of the engine are started: as the host says, or as Web Workers.
import { host, type ThreadStarter } from "../host.js";

/** How threads are started here. Applications may replace `Worker` by workers of their own, in Node too. */
export const threadStarter = (): ThreadStarter => host.here?.startThread ?? startWebWorker;

const startWebWorker: ThreadStarter = (message, failed) => {
  // Bundlers look for exactly this expression, to make a file of the worker.
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("error", (event) => {
    // Some engines end a program because of an unhandled error.
    event.preventDefault();
    failed(event.message);
  });
  worker.addEventListener("messageerror", failed);
  worker.postMessage(message);
  // Bun has these workers, too, and would wait for them before it exits.
  (worker as { unref?: () => void }).unref?.();
  return worker;
};
