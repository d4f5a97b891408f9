// The program of a recurrent layer is the same for sequences of any length, and a device without loops has its steps.
import { afterAll, expect, test } from "vitest";
import { generateModule } from "../../packages/tidu/src/codegen/wasm/module.js";
import type { Kernel } from "../../packages/tidu/src/compile/kernel.js";
import { printProgram } from "../../packages/tidu/src/compile/print.js";
import type { Stages } from "../../packages/tidu/src/compile/program.js";
import { PROCESSOR } from "../../packages/tidu/src/compile/target.js";
import { topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import { compile, loss, nn, ones, optim, setDevice, tensor } from "../../packages/tidu/src/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";

afterAll(() => setDevice(undefined));

/** A training step of a network on sequences. */
function stages(make: () => nn.Module, length: number, device = new NullDevice()): Stages {
  setDevice(device);
  const net = make();
  const head = nn.linear(16, 4);
  const optimizer = optim.adam({ lr: 0.05 });
  const learn = compile((x, t) => {
    const y = net.forward(x);
    const parameters = [...net.parameters(), ...head.parameters()];
    return optimizer.minimize(loss.crossEntropy(head.forward(y.slice(1, length - 1).squeeze(1)), t), parameters);
  });
  learn.prepare(ones([4, length, 8]), tensor(new Int32Array(4)));
  return device.programs.at(-1) as Stages;
}

const all = (kernels: readonly Kernel[]): Kernel[] =>
  kernels.flatMap((k) => (k.kind === "loop" ? [k, ...all(k.steps)] : [k]));

test.each([
  ["rnn", () => nn.rnn(8, 16)],
  ["lstm of two layers", () => nn.lstm(8, 16, { layers: 2 })],
  ["gru in both directions", () => nn.gru(8, 8, { bidirectional: true })],
] as const)("an %s of 2,048 steps has the nodes, kernels and code of one of 64", (_, make) => {
  const [few, many, more] = [64, 2048, 8192].map((length) => {
    const { simplified, program } = stages(make, length);
    const { bytes, stats } = generateModule(program, { shared: true, relaxed: true });
    const kernels = all(program.kernels);
    expect(kernels.filter((k) => k.kind === "loop").length).toBeGreaterThan(1);
    expect(printProgram(program)).toMatch(/loop loop\d+ \(i0<\d+\)[\s\S]*in part\d+\+\d+, each step/);
    return {
      counts: {
        nodes: topologicalOrder(simplified).length,
        all: kernels.length,
        kernels: stats.kernels,
        bodies: stats.bodies,
      },
      bytes,
    };
  });
  expect(many.counts).toEqual(few.counts);
  expect(more.counts).toEqual(few.counts);
  // What sums over all steps at once is cut into blocks and groups if there are many; beyond that, numbers take a byte more.
  expect(many.bytes.length / few.bytes.length).toBeLessThan(1.4);
  expect(more.bytes.length / many.bytes.length).toBeLessThan(1.01);
});

test("a device without loops has the steps one after the other", () => {
  const device = new NullDevice(undefined, { ...PROCESSOR, loops: false });
  const { program } = stages(() => nn.lstm(8, 16), 5, device);
  expect(all(program.kernels).filter((k) => k.kind === "loop")).toEqual([]);
  expect(program.kernels.length).toBeGreaterThan(50);
});
