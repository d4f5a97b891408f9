// Which kernels run piece by piece: those whose pieces need nothing of each other, and which together exceed the cache.
import { afterEach, expect, test } from "vitest";
import { generateC } from "../../packages/tidu/src/codegen/c/program.js";
import type { Program, Stages } from "../../packages/tidu/src/compile/program.js";
import { compile, loss, nn, optim, setDevice, type Tensor, tensor } from "../../packages/tidu/src/index.js";
import { groupsOf } from "../../packages/tidu/src/plan/pieces.js";
import type { Registers } from "../../packages/tidu/src/plan/registers.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";

afterEach(() => setDevice(undefined));

const REGISTERS: Registers = { lanes: 16, accumulators: 24, unroll: 4, fused: true, block: 2 ** 18 };

/** The program of a step of training. */
function programOf(net: nn.Module, x: Tensor): Program {
  const device = new NullDevice();
  setDevice(device);
  const optimizer = optim.sgd({ lr: 0.1 });
  const step = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
  step.prepare(x, tensor(new Int32Array(x.shape[0])));
  return (device.programs.at(-1) as Stages).program;
}

const images = (channels: number, size: number): Tensor =>
  tensor(new Float32Array(16 * channels * size * size), [16, channels, size, size]);

const normed = (channels: number): nn.Module =>
  nn.sequential(
    nn.conv2d(3, channels, 3, { padding: 1 }),
    nn.batchNorm2d(channels),
    nn.relu(),
    nn.globalAvgPool2d(),
    nn.flatten(),
    nn.linear(channels, 4),
  );

test("batch norm runs a few channels at a time: mean, variance, result and what follows", () => {
  const { kernels } = programOf(normed(32), images(3, 32));
  const groups = groupsOf(kernels, REGISTERS);
  expect(groups.map(({ pieces }) => pieces)).toEqual([32, 32]);
  const [forward, backward] = groups.map(({ first, end }) => kernels.slice(first, end).map(({ kind }) => kind));
  expect(forward.filter((kind) => kind === "reduce").length).toBeGreaterThanOrEqual(3);
  expect(backward.filter((kind) => kind === "reduce").length).toBeGreaterThanOrEqual(2);
  // A convolution needs all channels that are given to it.
  expect([...forward, ...backward]).not.toContain("contract");
});

test("threads meet less often then, and code is not longer for it", () => {
  const program = programOf(normed(32), images(3, 32));
  const apart = generateC(program, { ...REGISTERS, block: 2 ** 26 });
  const grouped = generateC(program, REGISTERS);
  expect(groupsOf(program.kernels, { ...REGISTERS, block: 2 ** 26 })).toEqual([]);
  expect(grouped.stats.barriers).toBeLessThanOrEqual(apart.stats.barriers - 6);
  expect(grouped.stats.bodies).toBeLessThanOrEqual(apart.stats.bodies + 2);
});

test("what the cache holds as a whole, or what has few channels, is not cut", () => {
  expect(groupsOf(programOf(normed(32), images(3, 4)).kernels, REGISTERS)).toEqual([]);
  expect(groupsOf(programOf(normed(6), images(3, 64)).kernels, REGISTERS)).toEqual([]);
});
