import { loss, nn, optim, setDevice, Trainer, type TrainerOptions } from "tidu";
import { threefry2x32 } from "../../packages/tidu/src/base/threefry.js";
import { type Dataset, dataset } from "../../packages/tidu/src/data/index.js";
import type { WasmOptions } from "../../packages/tidu/src/runtime/wasm/device.js";
import { type Device, endDevice, makeDevice } from "../support/devices.js";

/** Numbers in [0, 1) that are the same in every run. */
export const noise = (count: number, seed = 1): number[] =>
  Array.from({ length: count }, (_, i) => threefry2x32(seed, 0, i, 0)[0] / 2 ** 32);

/** Points [count, 2] around three centers; which one is the class, or with `turn` is followed by the class that is given. */
export function points(count: number, seed = 1, turn = 0): Dataset {
  const shift = noise(2 * count, seed);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 3);
  const angle = (i: number) => (labels[i] * 2 * Math.PI) / 3;
  const inputs = Float32Array.from({ length: 2 * count }, (_, k) => {
    const i = k >> 1;
    return (k % 2 === 0 ? Math.cos(angle(i)) : Math.sin(angle(i))) + shift[k] - 0.5;
  });
  const given = labels.map((label) => (label + turn) % 3);
  return dataset(inputs, [2], given, { classes: ["a", "b", "c"] });
}

/** Pictures [count, 1, 28, 28] of gray noise with a bright row for each of ten classes. */
export function pictures(count: number): Dataset {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  const pixels = Uint8Array.from(noise(count * 784), (v) => 100 * v);
  for (let i = 0; i < count; i++) pixels.fill(255, i * 784 + labels[i] * 56, i * 784 + labels[i] * 56 + 28);
  return dataset(pixels, [1, 28, 28], labels, { transform: (x) => x.toFloat().div(255) });
}

/** A small network for `points`. */
export const classifier = (): nn.Sequential => nn.sequential(nn.linear(2, 8), nn.tanh(), nn.linear(8, 3));

/** LeNet-5 with dropout, for `pictures`. */
export const lenet = (): nn.Sequential =>
  // biome-ignore format: one stage a line
  nn.sequential(
    nn.conv2d(1, 6, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2),
    nn.conv2d(6, 16, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(),
    nn.linear(400, 120), nn.relu(),
    nn.linear(120, 84), nn.relu(), nn.dropout(0.5),
    nn.linear(84, 10),
  );

export const trainerOf = (net: nn.Module, options: Partial<TrainerOptions> = {}): Trainer =>
  new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.1 }), seed: 1, ...options });

/** All items of an async iterable. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** What something that must fail throws. */
export async function failure(body: () => unknown): Promise<Error> {
  try {
    await body();
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}

/** Runs `body` with a device of its own on which all threads are ready. */
export async function onDevice<T>(options: WasmOptions, body: (device: Device) => Promise<T>): Promise<T> {
  const device = await makeDevice(options);
  setDevice(device);
  try {
    return await body(device);
  } finally {
    setDevice(undefined);
    await endDevice(device);
  }
}
