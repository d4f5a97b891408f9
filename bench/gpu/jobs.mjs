// The networks and batch sizes to measure, the most telling first, because the time may run out.
import { workload } from "../workloads.mjs";

const SMALL = process.env.GPU_SMALL === "1";

const ALL = [
  ["cifar", 256],
  ["cnn", 256],
  ["lenet", 64],
  ["mlp", 64],
  ["mlp", 1024],
  ["lenet", 1024],
  ["cifar", 64],
  ["cnn", 64],
  ["cnn", 1024],
  ["cifar", 1024],
  ["mlp", 256],
  ["lenet", 256],
];

/** @param {boolean} [few] leaves out batches of 1024 samples, for slow systems */
export function jobs(few = false) {
  if (SMALL) return [{ ...workload("tiny"), batch: 8 }];
  return ALL.filter(([, batch]) => !few || Number(batch) < 1024).map(([name, batch]) => ({
    ...workload(String(name)),
    batch,
  }));
}
