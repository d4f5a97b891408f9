import { expect, it, onTestFinished } from "vitest";
import { generateModule } from "../../packages/tidu/src/codegen/wasm/module.js";
import type { Stages } from "../../packages/tidu/src/compile/program.js";
import { compile, loss, nn, ones, optim, tensor } from "../../packages/tidu/src/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";

const layers = (count: number) => Array.from({ length: count }, () => [nn.linear(64, 64), nn.relu()]).flat();

/** The code of a training step of so many equal layers. */
function step(depth: number) {
  const device = new NullDevice();
  setDevice(device);
  onTestFinished(() => setDevice(undefined));
  const net = nn.sequential(...layers(depth), nn.linear(64, 10));
  const optimizer = optim.sgd({ lr: 0.05 });
  const learn = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
  learn.prepare(ones([32, 64]), tensor(new Int32Array(32)));
  const { program } = device.programs.at(-1) as Stages;
  return generateModule(program, { shared: true, relaxed: true });
}

it("equal layers share their kernels' code, however many there are", () => {
  const [ten, fifty] = [step(10), step(50)];
  // Forward, two gradients, and the bias's.
  expect(fifty.stats.kernels - ten.stats.kernels).toBe(40 * 4);
  expect(fifty.stats.bodies).toBe(ten.stats.bodies);
  // What a layer more costs is a few calls, not kernels.
  expect((fifty.bytes.length - ten.bytes.length) / 40).toBeLessThan(300);
});
