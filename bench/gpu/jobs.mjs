// Which networks are trained at which batch sizes, the most telling first: time may end the list.
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

/** @param {boolean} [few] for what is slow: batches of 1024 samples are left out */
export function jobs(few = false) {
  if (SMALL) return [{ ...workload("tiny"), batch: 8 }];
  return ALL.filter(([, batch]) => !few || Number(batch) < 1024).map(([name, batch]) => ({
    ...workload(String(name)),
    batch,
  }));
}
