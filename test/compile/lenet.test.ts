import { beforeAll, describe, expect, it } from "vitest";
import { byteSize } from "../../packages/tidu/src/base/dtype.js";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import { generateModule } from "../../packages/tidu/src/codegen/wasm/module.js";
import type { Stages } from "../../packages/tidu/src/compile/program.js";
import { topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import { compile, loss, ones, optim, tensor } from "../../packages/tidu/src/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { lenet } from "../support/lenet.js";

/** Bytes that a framework needs which keeps the result of every operation until the step is over. */
function intermediateBytes({ simplified }: Stages): number {
  const results = topologicalOrder(simplified).filter((n) => !["source", "view", "reshape"].includes(n.kind));
  return results.reduce((total, n) => total + sizeOf(n.shape) * byteSize(n.dtype), 0);
}

describe("a LeNet training step", () => {
  let stages: Stages;

  beforeAll(async () => {
    const device = new NullDevice();
    setDevice(device);
    try {
      const net = await lenet();
      const optimizer = optim.sgd({ lr: 0.05, momentum: 0.9 });
      const step = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
      step.prepare(ones([64, 1, 28, 28]), tensor(new Int32Array(64)));
      stages = device.programs.at(-1) as Stages;
    } finally {
      setDevice(undefined);
    }
  });

  it("becomes 33 kernels or fewer, of which 14 are contractions", () => {
    const { kernels } = stages.program;
    expect(kernels.filter((k) => k.kind === "contract")).toHaveLength(14);
    expect(kernels.length).toBeLessThanOrEqual(33);
  });

  it("unfolds no images: no value is larger than the second layer's gradient with its border of zeros", () => {
    const largest = Math.max(...stages.program.buffers.map((b) => sizeOf(b.shape)));
    expect(largest).toBe(64 * 16 * 18 * 18);
  });

  it("has an arena of less than half of all intermediates", () => {
    const { arenaBytes, separateBytes } = stages.program.memory;
    expect(arenaBytes).toBeLessThan(intermediateBytes(stages) / 2);
    expect(arenaBytes).toBeLessThan(separateBytes);
  });

  it("meets at 18 barriers or fewer", () => {
    const { stats } = generateModule(stages.program, { shared: true, relaxed: false });
    expect(stats.barriers).toBeLessThanOrEqual(18);
  });

  it("updates all ten parameters and their momentum in place", () => {
    const written = new Set(stages.program.kernels.flatMap((k) => k.stores.map((s) => s.buffer.storage)));
    written.delete(undefined);
    // Ten parameters, ten momenta, the loss, and two places that watch for class numbers out of range.
    expect(written.size).toBe(23);
    expect(stages.steps.filter((s) => s.copy)).toHaveLength(0);
  });
});
