// What the tests have done in the browser and in Node alike, to compare. Nothing here knows where it runs.
import { makeStorage } from "../../../packages/tidu/src/graph/node.js";
import { manualSeed, nn, optim, regularize, save, setDevice } from "../../../packages/tidu/src/index.js";
import { WasmDevice, type WasmOptions } from "../../../packages/tidu/src/runtime/wasm/device.js";
import { Heap } from "../../../packages/tidu/src/runtime/wasm/heap.js";
import { ThreadPool } from "../../../packages/tidu/src/runtime/wasm/pool.js";
import { WebGpuDevice } from "../../../packages/tidu/src/webgpu.js";
import { ROWS } from "../../ops/table.js";
import { Choices } from "../../support/choices.js";
import { runOn } from "../../support/compare.js";
import type { Device } from "../../support/devices.js";
import { program, runOnPool } from "../../support/failing-program.js";
import { Inputs } from "../../support/inputs.js";
import { all, onDevice, pictures, trainerOf } from "../../train/support.js";

/** What a task found: the threads that took part in it, and 32 bits for each value, the same only for the same bits. */
export interface Outcome {
  readonly threads: number;
  readonly values: Readonly<Record<string, number>>;
}

const lenet = () =>
  // biome-ignore format: one stage a line
  nn.sequential(
    nn.conv2d(1, 6, 5, { padding: 2 }), nn.relu(), nn.maxPool2d(2),
    nn.conv2d(6, 16, 5), nn.relu(), nn.maxPool2d(2), nn.flatten(),
    nn.linear(400, 120), nn.relu(), nn.dropout(0.5), nn.linear(120, 10),
  );

const threadsOf = (device: Device): number => ("threads" in device ? device.threads : 1);

/** Trains a LeNet for five steps, a last smaller one included; the values are its weights. */
const train = (options: WasmOptions): Promise<Outcome> =>
  onDevice(options, async (device) => {
    const net = lenet();
    const optimizer = optim.sgd({ lr: 0.02, momentum: 0.9 });
    await all(trainerOf(net, { optimizer, regularize: regularize.l2(1e-4) }).fit(pictures(150), { batchSize: 32 }));
    const values: Record<string, number> = {};
    for (const [name, variable] of net.state()) values[name] = fingerprint(await variable.data());
    return { threads: threadsOf(device), values };
  });

/** Losses of a few steps of a LeNet, from the same start and with the same random numbers each time it is called. */
async function losses(): Promise<number[]> {
  manualSeed(1);
  const optimizer = optim.sgd({ lr: 0.02, momentum: 0.9 });
  const losses: number[] = [];
  const onStep = ({ loss }: { loss: number }) => void losses.push(loss);
  await all(trainerOf(lenet(), { optimizer }).fit(pictures(80), { batchSize: 16, onStep }));
  return losses;
}

/** Trains on a graphics card, and once more on WebAssembly: the losses of each step. */
async function card(): Promise<{ name: string; card: number[]; wasm: number[] }> {
  const device = await WebGpuDevice.create({ software: true });
  setDevice(device);
  try {
    const onCard = await losses();
    setDevice(undefined);
    return { name: device.description, card: onCard, wasm: await losses() };
  } finally {
    setDevice(undefined);
    device.close();
  }
}

/** Runs every op of the op table on inputs that follow from its place in the table. */
const ops = (options: WasmOptions): Promise<Outcome> =>
  onDevice(options, async (device) => {
    const values: Record<string, number> = {};
    for (const [i, { op, apply }] of ROWS.entries()) {
      const c = new Choices(Array.from({ length: 40 }, (_, k) => (7919 * (i + 1) * (k + 1)) % 1000));
      const inputs = new Inputs(c, true);
      const y = apply(c, inputs.source);
      const updates = [{ storage: makeStorage(y.shape, y.dtype), value: y }];
      const [result] = await runOn(device, { updates, contents: inputs.contents });
      values[`${i} ${op.name}`] = fingerprint(result);
    }
    return { threads: threadsOf(device), values };
  });

/** Has thread 1 fail in the middle of a program; says how that ends. */
async function failure(): Promise<string> {
  const pool = new ThreadPool(new Heap(true), 2);
  await pool.ready();
  return outcomeOf(() => runOnPool(pool, program(1)));
}

/** Saves a network to a file; says how that ends. */
const toFile = (): Promise<string> => outcomeOf(() => save(lenet(), "lenet.safetensors"));

/** Makes a device; says how that ends. */
const make = (options: WasmOptions): Promise<string> => outcomeOf(() => `${new WasmDevice(options).threads} threads`);

const outcomeOf = async (body: () => unknown): Promise<string> => {
  try {
    return String(await body());
  } catch (error) {
    return String(error);
  }
};

export const tasks = { train, ops, card, failure, toFile, make };

export interface Task {
  readonly name: keyof typeof tasks;
  readonly options: WasmOptions;
}

/** FNV-1a (Fowler, Noll and Vo) over the bytes. */
function fingerprint(data: ArrayBufferView): number {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash;
}
