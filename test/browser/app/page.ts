// The page that browser tests run their tasks in.
import { type Task, tasks } from "./tasks.js";

/** What the test calls: runs a task on the page's main thread, or in a Web Worker of the page. */
const run = (where: "page" | "worker", task: Task): Promise<unknown> =>
  where === "page" ? tasks[task.name](task.options) : inWorker(task);

const inWorker = (task: Task): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./engine.ts", import.meta.url), { type: "module" });
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    worker.addEventListener("message", ({ data }) => {
      worker.terminate();
      resolve(data);
    });
    worker.postMessage(task);
  });

Object.assign(globalThis, { run });
