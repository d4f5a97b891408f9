// Trains a run in a worker thread: the command itself, so that what it leaves is what `tidu train` leaves.
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const COMMAND = fileURLToPath(new URL("bin/tidu.js", import.meta.resolve("@tidu/cli/package.json")));

/**
 * Resolves once the run is in its folder; rejects with what the command said.
 *
 * @param {string} folder
 * @param {readonly string[]} training what `tidu train` is given: the data, then options
 * @returns {Promise<void>}
 */
export function retrain(folder, training) {
  const worker = new Worker(COMMAND, {
    argv: ["train", ...training, "--no-report", "--out", folder],
    stdout: true,
    stderr: true,
  });
  let said = "";
  worker.stdout.resume();
  worker.stderr.on("data", (text) => {
    said += text;
  });
  return new Promise((done, fail) => {
    worker.on("error", fail);
    worker.on("exit", (code) =>
      code === 0 ? done() : fail(new Error(said.trim() || `tidu train ended with ${code}`)),
    );
  });
}
