// A device that only compiles goes through whole training steps.
import { compile, loss, nn, optim, setDevice, tensor, trainStep, zeros } from "tidu";
import { NullDevice } from "tidu/debug";
import { expect, onTestFinished, test } from "vitest";

test("a step of training compiles, and its loss reads as 0", async () => {
  onTestFinished(() => setDevice(undefined));
  const device = new NullDevice();
  setDevice(device);
  const [net, optimizer] = [nn.linear(4, 3), optim.sgd({ lr: 0.1 })];
  const step = compile((x, t) => trainStep({ net, loss: loss.crossEntropy, optimizer }, x, t).loss);
  const cost = await step(zeros([2, 4]), tensor(Int32Array.of(0, 1)));
  expect(await cost.item()).toBe(0);
  expect(device.programs.at(-1)?.program.kernels.length).toBeGreaterThan(1);
  expect(await tensor([3, 4]).array()).toEqual([3, 4]);
});
