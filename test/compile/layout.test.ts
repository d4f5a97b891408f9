// Orders of values in memory: each kernel reads and writes neighbors, and what is made for a parameter has its order.
import { afterEach, expect, test } from "vitest";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import type { Kernel } from "../../packages/tidu/src/compile/kernel.js";
import type { Stages } from "../../packages/tidu/src/compile/program.js";
import { compile, loss, nn, optim, setDevice, type Tensor, tensor } from "../../packages/tidu/src/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";

afterEach(() => setDevice(undefined));

/** The kernels of one step of training. */
function stepOf(net: nn.Module, optimizer: optim.Optimizer, x: Tensor): readonly Kernel[] {
  const device = new NullDevice();
  setDevice(device);
  const t = tensor(new Int32Array(x.shape[0]));
  const step = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
  step.prepare(x, t);
  return (device.programs.at(-1) as Stages).program.kernels;
}

const namesOf = (kernels: readonly Kernel[]): string[] => kernels.map(({ kind, name }) => `${kind} ${name}`);

test.each([
  ["adam", () => optim.adam({ lr: 0.001 }), /^contract contract\d+\+mean\+square$/],
  ["sgd with momentum", () => optim.sgd({ lr: 0.1, momentum: 0.9 }), /^contract momentum\+storage\d+$/],
  ["sgd", () => optim.sgd({ lr: 0.1 }), /^contract storage\d+$/],
] as const)("gradients of weights go into the state of %s as they are made", (_, optimizer, updates) => {
  const net = nn.sequential(
    nn.linear(512, 512),
    nn.layerNorm(512),
    nn.gelu(),
    nn.linear(512, 256),
    nn.relu(),
    nn.linear(256, 10),
  );
  const names = namesOf(stepOf(net, optimizer(), tensor(new Float32Array(128 * 512), [128, 512])));
  expect(names.filter((name) => updates.test(name))).toHaveLength(3);
});

test("rows that are picked from a table are copied as rows", () => {
  const net = nn.sequential(nn.embedding(2000, 64), nn.flatten(), nn.linear(2048, 128), nn.relu(), nn.linear(128, 4));
  const kernels = stepOf(net, optim.sgd({ lr: 0.1 }), tensor(new Int32Array(64 * 32), [64, 32]));
  const picked = kernels.filter(({ name }) => /gather/.test(name));
  expect(picked).toHaveLength(1);
  expect(picked[0].stores.map(({ buffer }) => buffer.strides)).toEqual([[2048, 64, 1]]);
});

/** The mean of all steps of a sequence. */
class Mean extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.mean(1);
  }
}

test.each([
  [4, 64, "steps", 1],
  [8, 64, "steps", 1],
  [8, 100, "steps", 1],
  [16, 64, "samples", 0],
  [32, 100, "samples", 0],
])("in a batch of %d sequences of %d steps, %s are neighbors in memory: they fill vectors", (batch, steps, _, axis) => {
  const block = nn.residual(nn.layerNorm(32), nn.linear(32, 96), nn.gelu(), nn.linear(96, 32));
  const net = nn.sequential(nn.embedding(9, 32), block, nn.layerNorm(32), new Mean(), nn.linear(32, 4));
  const kernels = stepOf(net, optim.sgd({ lr: 0.1 }), tensor(new Int32Array(batch * steps), [batch, steps]));
  const wide = kernels.filter(({ kind, sizes }) => kind === "contract" && sizes[0] === batch && sizes[2] === 96);
  expect(wide).toHaveLength(2); // Forward, and the gradient that comes back from the block's last layer.
  for (const { stores } of wide) {
    expect(stores[0].buffer.shape).toEqual([batch, steps, 96]);
    expect(stores[0].buffer.strides.indexOf(1)).toBe(axis);
  }
});

test.each([
  [4, "features", 1],
  [8, "features", 1],
  [16, "samples", 0],
])(
  "in a batch of %d samples of layers without windows, %s are neighbors, and gradients have their parameter's order",
  (batch, _, axis) => {
    const net = nn.sequential(nn.linear(96, 48), nn.relu(), nn.linear(48, 64), nn.relu(), nn.linear(64, 4));
    const kernels = stepOf(net, optim.adam({ lr: 0.1 }), tensor(new Float32Array(batch * 96), [batch, 96]));
    const products = kernels.filter(({ kind }) => kind === "contract");
    const [forward] = products.filter(({ sizes }) => `${sizes}` === `${[batch, 64, 48]}`);
    expect(forward.stores[0].buffer.strides.indexOf(1)).toBe(axis);
    const [gradient] = products.filter(({ sizes }) => `${sizes}` === `${[64, 48, batch]}`);
    expect(gradient.stores.map(({ buffer }) => buffer.strides)).toEqual(gradient.stores.map(() => [48, 1]));
  },
);

test("a few steps of many sequences are never neighbors in memory", () => {
  const layers = [nn.layerNorm(123), nn.linear(123, 492), nn.gelu(), nn.linear(492, 123), nn.layerNorm(123)];
  const net = nn.sequential(nn.embedding(9, 123), ...layers, new Mean(), nn.linear(123, 4));
  const kernels = stepOf(net, optim.sgd({ lr: 0.1 }), tensor(new Int32Array(218 * 8), [218, 8]));
  const wide = kernels.filter(({ kind, sizes }) => kind === "contract" && `${sizes.slice(0, 3)}` === "218,8,492");
  expect(wide).toHaveLength(2);
  for (const { stores } of wide) expect(stores[0].buffer.strides.indexOf(1)).not.toBe(1);
});

test("where windows walk along pictures, samples are neighbors in a small batch, too", () => {
  const net = nn.sequential(nn.conv2d(3, 16, 1), nn.relu(), nn.conv2d(16, 8, 3), nn.flatten(), nn.linear(8 * 196, 4));
  const kernels = stepOf(net, optim.sgd({ lr: 0.1 }), tensor(new Float32Array(8 * 3 * 256), [8, 3, 16, 16]));
  const [first] = kernels.filter(({ kind }) => kind === "contract");
  expect(first.stores[0].buffer.strides.indexOf(1)).toBe(0);
});

test("a batch that leaves a few lanes idle is innermost all the same, beside images whose axes leave none", () => {
  const net = nn.sequential(
    nn.conv2d(4, 12, 3, { padding: 1 }),
    nn.relu(),
    nn.conv2d(12, 8, 1),
    nn.relu(),
    nn.flatten(),
    nn.linear(8 * 32 * 32, 4),
  );
  const images = tensor(new Float32Array(70 * 4 * 32 * 32), [70, 4, 32, 32]);
  for (const { stores } of stepOf(net, optim.sgd({ lr: 0.1 }), images))
    for (const { buffer } of stores)
      if (buffer.shape[0] === 70 && buffer.shape.length === 4) expect(buffer.strides[0], buffer.name).toBe(1);
});

test("the gradient of a single image is one contraction, as that of several is", () => {
  /** The results of the contractions, and the products that each takes, by sample. */
  const contractions = (batch: number): string[] => {
    const net = nn.sequential(
      nn.conv2d(2, 6, 5, { padding: 2 }),
      nn.relu(),
      nn.conv2d(6, 4, 3),
      nn.flatten(),
      nn.linear(4 * 8 * 8, 3),
    );
    const images = tensor(new Float32Array(batch * 2 * 100), [batch, 2, 10, 10]);
    const kernels = stepOf(net, optim.sgd({ lr: 0.1 }), images).filter(({ kind }) => kind === "contract");
    return kernels.map(({ sizes, stores: [{ buffer }] }) => `${buffer.shape.slice(1)}: ${sizeOf(sizes) / batch}`);
  };
  expect(contractions(1)).toHaveLength(8);
  expect(contractions(1)).toEqual(contractions(7));
});
