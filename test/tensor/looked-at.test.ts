// Reading values before asking for gradients changes no gradient: what was read is computed by another program, maybe with
// another last bit, and must still win where it won.
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TypedArray } from "../../packages/tidu/src/base/dtype.js";
import { type Storage, topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import { isStorage } from "../../packages/tidu/src/graph/ops/index.js";
import { grad, manualSeed, nn, setDevice, type Tensor, tensor, WasmDevice } from "../../packages/tidu/src/index.js";
import { Tensor as Wrapped } from "../../packages/tidu/src/tensor/tensor.js";
import { type RandomProgram, randomProgram, SMALL } from "../support/random-program.js";

const device = new WasmDevice({ threads: 1 });
beforeAll(() => setDevice(device));
afterAll(async () => {
  setDevice(undefined);
  await device.close();
});

const wave = (...shape: number[]): Tensor =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * i * 1.3)),
    shape,
  );

interface Made {
  readonly x: Tensor;
  /** Values on the way to the cost, which comes last. */
  readonly values: readonly Tensor[];
}

/** Values whose sums go one way where they are read and another way where they are not. */
function sums(end: (sums: Tensor) => Tensor): Made {
  const x = wave(25, 40);
  const turned = x.transpose().mul(1.1);
  const rows = turned.sum(1);
  const last = end(rows);
  return { x, values: [turned, rows, last, last.sum()] };
}

function pooled(): Made {
  manualSeed(1);
  const [conv, norm, pool] = [nn.conv2d(1, 4, 3), nn.batchNorm2d(4), nn.maxPool2d(2)];
  const maps = conv.forward(wave(8, 1, 8, 8));
  const normal = norm.forward(maps);
  const best = pool.forward(normal);
  return { x: norm.bias as Tensor, values: [maps, normal, best, best.square().mean()] };
}

const CASES: Record<string, () => Made> = {
  maximum: () => sums((y) => y.maximum(-1000)),
  minimum: () => sums((y) => y.minimum(1000)),
  "maximum of two": () => sums((y) => y.maximum(y.flip([0]))),
  max: () => sums((y) => y.max()),
  min: () => sums((y) => y.min()),
  "max of some": () => sums((y) => y.reshape([8, 5]).max(1)),
  "max pooling after batch normalization": pooled,
};

const close = async (made: Made, other: Made): Promise<void> => {
  const [[want], [got]] = [made, other].map(({ x, values }) => grad(values.at(-1) as Tensor, [x]));
  const [a, b] = [await want.data(), await got.data()];
  b.forEach((v, i) => void expect(v).toBeCloseTo(a[i], 4));
};

it.each(Object.entries(CASES))("%s", async (_, make) => {
  const count = make().values.length;
  for (const order of [
    Array.from({ length: count }, (_, i) => i),
    Array.from({ length: count }, (_, i) => count - 1 - i),
    [count - 1],
    [count - 2, 0],
    [1],
  ]) {
    const looked = make();
    for (const i of order) await looked.values[i].data();
    await close(make(), looked);
  }
});

/** A random program as tensors: new ones at each call would be too slow, so values are read after the first gradient. */
async function compare({ updates, contents }: RandomProgram, picks: readonly number[]): Promise<void> {
  for (const [storage, data] of contents) put(storage, data);
  const order = topologicalOrder(updates.map(({ value }) => value)).filter((node) => node.dtype === "f32");
  const inputs = order.filter((node) => isStorage(node));
  if (inputs.length === 0 || inputs.length === order.length) return;
  const cost = new Wrapped(order.at(-1) as (typeof order)[number]).sum();
  const slopes = () =>
    grad(
      cost,
      inputs.map((node) => new Wrapped(node)),
    );
  const values = (list: readonly Tensor[]) => Promise.all(list.map((t) => t.data()));
  const before = await values(slopes());
  for (const pick of picks) await new Wrapped(order[pick % order.length]).data();
  await cost.data();
  const after = await values(slopes());
  after.forEach((list, k) => {
    const size = Array.from(before[k]).reduce(
      (most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most),
      1e-3,
    );
    list.forEach((v, i) => {
      const want = before[k][i];
      if (!Number.isFinite(want) || Math.abs(want) > 1e20) return;
      if (!(Math.abs(v - want) <= 1e-3 * size))
        throw new Error(`gradient ${k} [${i}]: ${want}, and ${v} after reading`);
    });
  });
}

function put(storage: Storage, data: TypedArray): void {
  device.write(storage, data);
  storage.on = device;
}

it("random programs", () =>
  fc.assert(fc.asyncProperty(randomProgram(SMALL), fc.array(fc.nat(1000), { maxLength: 4 }), compare), {
    numRuns: Number(process.env.RUNS ?? 1) * 150,
    seed: 5,
  }));
