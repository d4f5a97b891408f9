import { nodeModules } from "../../base/node.js";

/** Sends `message` to a new thread that runs worker.js; calls `failed` if it cannot start or ends by itself. */
export type ThreadStarter = (message: unknown, failed: () => void) => Thread;

export interface Thread {
  /** Ends the thread, whatever it is doing. */
  terminate(): unknown;
}

/** How threads are started here: as Web Workers, or as Node's worker threads; undefined where there is neither. */
export function threadStarter(): ThreadStarter | undefined {
  if (globalThis.Worker !== undefined) return startWebWorker;
  return nodeModules() === undefined ? undefined : startNodeWorker;
}

const startWebWorker: ThreadStarter = (message, failed) => {
  // Bundlers look for exactly this expression, to make a file of the worker.
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("error", failed);
  worker.addEventListener("messageerror", failed);
  worker.postMessage(message);
  return worker;
};

const startNodeWorker: ThreadStarter = (message, failed) => {
  const { Worker } = (nodeModules() as NodeJS.Process["getBuiltinModule"])("node:worker_threads");
  // In two steps, so that bundlers do not take the file along a second time.
  const here = import.meta.url;
  const worker = new Worker(new URL("./worker.js", here));
  worker.on("error", failed);
  worker.on("exit", failed);
  worker.postMessage(message);
  worker.unref();
  return worker;
};
