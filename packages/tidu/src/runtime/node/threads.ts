// Starts a thread of the engine as one of Node's worker threads.
import { needNodeModules } from "../../base/node.js";
import type { ThreadStarter } from "../host.js";
import { WORKER_TEXT } from "./worker-text.js";

/** Gives worker.js what it needs of a page, and says in shared memory when the thread leaves. */
const IN_NODE = `
const { parentPort } = process.getBuiltinModule("node:worker_threads");
globalThis.addEventListener = (_, serve) => parentPort.once("message", (data) => {
  const words = new Int32Array(data.memory.buffer, data.control);
  process.on("exit", () => Atomics.store(words, data.word.failed, data.thread));
  serve({ data });
});
`;

/**
 * From source text, since in a bundle the path of a worker file is not known.
 *
 * @param first what the thread runs before that.
 */
export const startNodeThread =
  (first = ""): ThreadStarter =>
  (message, failed) => {
    const { MessageChannel, Worker } = needNodeModules("a thread", "use one thread")("node:worker_threads");
    const { port1: ours, port2: life } = new MessageChannel();
    const worker = new Worker(first + IN_NODE + WORKER_TEXT, {
      eval: true,
      execArgv: [],
      workerData: life,
      transferList: [life],
    });
    worker.on("error", failed);
    worker.on("exit", () => failed("it has ended"));
    worker.postMessage(message);
    worker.unref();
    // Node returns whether a message has a receiver, so a dead thread shows. Other runtimes return nothing.
    const post = (): unknown => ours.postMessage(0);
    const tells = post() === true;
    return { alive: () => !tells || post() === true, terminate: () => worker.terminate() };
  };
