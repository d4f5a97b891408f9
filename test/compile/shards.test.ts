// The program of a shard: what its kernels take in.
import { afterEach, expect, test } from "vitest";
import { buffersRead, buffersWritten, type Kernel } from "../../packages/tidu/src/compile/kernel.js";
import { type Observer, observers } from "../../packages/tidu/src/compile/program.js";
import { dataset } from "../../packages/tidu/src/data/index.js";
import { loss, nn, optim, setDevice, Trainer, WasmDevice } from "../../packages/tidu/src/index.js";

const programs: (readonly Kernel[])[] = [];
const see: Observer = (pass, product) => {
  if (pass === "program") programs.push((product as { kernels: readonly Kernel[] }).kernels);
};
afterEach(() => {
  observers.delete(see);
  setDevice(undefined);
});

test("masks are applied where their layers' products are made, in whichever order they are stored", async () => {
  setDevice(new WasmDevice({ threads: 1 }));
  const width = 512;
  const hidden = () => [nn.linear(width, width), nn.relu(), nn.dropout(0.5)];
  const net = nn.sequential(...hidden(), ...hidden(), nn.linear(width, 10));
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.sgd({ lr: 0.1 }), shards: 2 });
  observers.add(see);
  const data = dataset(new Float32Array(128 * width), [width], new Uint8Array(128));
  for await (const _ of trainer.fit(data, { batchSize: 128, epochs: 1 }));
  const [shard] = programs.filter((kernels) => kernels.filter((k) => k.kind === "contract").length >= 5);
  const stores = shard.filter((k) => k.kind === "contract").map(({ stores }) => stores);
  // The two orders: rows are left for the gradients' sums, and the next product's lanes run along the samples.
  const inTwo = stores.filter((list) => new Set(list.map(({ buffer }) => String(buffer.strides))).size > 1);
  expect(inTwo).toHaveLength(1);
  const products = new Set(shard.filter((k) => k.kind === "contract").flatMap((k) => [...buffersWritten(k)]));
  const large = shard.filter((k) => k.kind === "map" && k.sizes.includes(width));
  expect(large.filter((k) => [...buffersRead(k)].some((b) => products.has(b)))).toEqual([]);
});
