// The worker of the browser tests' app.
import { type Task, tasks } from "./tasks.js";

addEventListener("message", async ({ data }: MessageEvent<Task>) => {
  postMessage(await tasks[data.name](data.options));
});
