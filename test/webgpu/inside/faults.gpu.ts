// What becomes of a training whose card is lost, has no memory left, or refuses a shader or a step: a typed error, never a
// wrong number, and what was there is there still.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  compile,
  DeviceError,
  deserialize,
  MemoryError,
  nn,
  ones,
  serialize,
  setDevice,
  type Tensor,
  type Trainer,
  tensor,
  Variable,
} from "tidu";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { device } from "../../../packages/tidu/src/tensor/realizer.js";
import { WebGpuDevice } from "../../../packages/tidu/src/webgpu.js";
import { all, classifier, failure, points, trainerOf } from "../../train/support.js";
import { type Faults, faultyAdapter } from "./faulty.js";
import { open } from "./open.js";

const usual = device();
let faults: Faults;
let card: WebGpuDevice;
beforeEach(async () => {
  faults = { refused: 0 };
  card = await WebGpuDevice.create({ adapter: await faultyAdapter(faults), tiles: [] });
  setDevice(card);
});
afterEach(() => {
  setDevice(usual);
  card.close();
});

/** A variable of 16 KB that each step adds to. */
const counter = () => {
  const v = new Variable(ones([64, 64]));
  const add = compile((x: Tensor) => {
    v.assign(v.add(x));
    return v.sum();
  });
  const step = async (x: number) => (await add(tensor(x))).item();
  return { v, step };
};

test("a card that is lost says so everywhere, and what to do", async () => {
  const { v, step } = counter();
  expect(await step(1)).toBe(2 * 4096);
  card.gpu.destroy();
  const lost = await card.lost;
  expect(lost).toBeInstanceOf(DeviceError);
  expect(lost.message).toMatch(
    /^webgpu: the card was lost \(.*\); make a new device and go on from the last checkpoint$/s,
  );
  for (const use of [() => step(1), () => v.data(), () => ones([2]).add(1).array(), () => card.finish()]) {
    const error = await failure(use);
    expect(error).toBeInstanceOf(DeviceError);
    expect(error.message).toMatch(/lost/);
  }
});

test("what is under way when the card is lost fails, and is not zeros", async () => {
  const { step } = counter();
  await step(1);
  const reading = step(1);
  card.gpu.destroy();
  const result = await reading.catch((error) => error);
  if (result instanceof Error) expect(result).toBeInstanceOf(DeviceError);
  else expect(result).toBe(3 * 4096);
});

test.each([
  ["another trainer", () => trainerOf(classifier())],
  ["the same trainer", (first: Trainer) => first],
])("%s goes on from the checkpoint on a new device, to undisturbed weights", async (_, next) => {
  const directory = await mkdtemp(join(tmpdir(), "tidu-lost-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const options = { epochs: 2, batchSize: 8, checkpoint: { directory, everySteps: 3 } };
  const first = trainerOf(classifier());
  let steps = 0;
  const onStep = () => {
    if (++steps === 10) card.gpu.destroy();
  };
  expect(await failure(() => all(first.fit(points(48), { ...options, onStep })))).toBeInstanceOf(DeviceError);

  const fresh = await open({ tiles: [] });
  onTestFinished(() => fresh.close());
  setDevice(fresh);
  const second = next(first);
  let from = 0;
  await all(second.fit(points(48), { ...options, resume: true, onResume: ({ step }) => void (from = step) }));
  expect(from).toBeGreaterThan(0);
  const whole = trainerOf(classifier());
  await all(whole.fit(points(48), { epochs: 2, batchSize: 8 }));
  for (const [name, weight] of second.net.state())
    expect([name, await weight.array()]).toEqual([name, await whole.net.state().get(name)?.array()]);
});

test("a network whose card was lost takes saved weights on a new device", async () => {
  const net = nn.linear(3, 2);
  const file = await serialize(net);
  const want = await (await net.predict(ones([1, 3]))).array();
  card.gpu.destroy();
  await card.lost;
  setDevice(usual);
  deserialize(net, file, "linear");
  expect(await (await net.predict(ones([1, 3]))).array()).toEqual(want);
});

test("a card without memory for a tensor says how much is missing, and goes on when there is some", async () => {
  const { v, step } = counter();
  await step(1);
  faults.memory = 1 << 20;
  const large = tensor(new Float32Array(1 << 18).fill(3), [512, 512]);
  const product = compile((x: Tensor) => x.add(1).mul(x).sum());
  const run = async () => (await product(large)).item();
  const error = await failure(() => run());
  expect(error).toBeInstanceOf(MemoryError);
  expect(error.message).toMatch(/webgpu: .* needs 1(\.0)? M.?B, and the card has no more memory \(/);
  expect(faults.refused).toBeGreaterThan(0);
  expect(await v.sum().item()).toBe(2 * 4096);
  faults.memory = undefined;
  // What the tensor was made of is not lost with the place that it did not get.
  expect(await run()).toBe(4 * 3 * 512 ** 2);
  expect(await step(1)).toBe(3 * 4096);
});

test("memory that is free again after garbage was collected is used, without an error", async () => {
  faults.memory = 1 << 20;
  const large = tensor(new Float32Array(1 << 18).fill(3), [512, 512]);
  const sum = large.mul(2).sum().item();
  await new Promise((resolve) => {
    const look = () => (faults.refused > 0 ? resolve((faults.memory = undefined)) : setTimeout(look, 1));
    look();
  });
  expect(await sum).toBe(6 << 18);
});

test("a shader that the driver refuses is an error of its program alone, and is tried again", async () => {
  const { v, step } = counter();
  await step(1);
  faults.shader = "no such type";
  const cubed = compile((x: Tensor) => x.mul(x).mul(x).sub(v));
  const cubes = async (x: Tensor) => (await cubed(x)).array() as Promise<number[][]>;
  const error = await failure(() => cubes(ones([64, 64])));
  expect(error).toBeInstanceOf(DeviceError);
  expect(error.message).toMatch(/^webgpu: the driver refuses the shader of .+: no such type/);
  expect(await step(1)).toBe(3 * 4096);
  faults.shader = undefined;
  expect((await cubes(ones([64, 64]).mul(2)))[5][5]).toBe(5);
});

test("a step that the driver refuses changes nothing", async () => {
  const { v, step } = counter();
  faults.submission = true;
  const error = await failure(() => step(1));
  expect(error).toBeInstanceOf(DeviceError);
  expect(error.message).toMatch(/^webgpu: the driver refuses a step: the commands are not valid/);
  faults.submission = undefined;
  expect(await v.sum().item()).toBe(4096);
  expect(await step(1)).toBe(2 * 4096);
});
