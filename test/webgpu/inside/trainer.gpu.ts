// A trainer on a graphics card, in a program that goes on with WebAssembly.
import { device, loss, nn, optim, setDevice, Trainer, type TrainerOptions, tensor, WasmDevice } from "tidu";
import { dataset } from "tidu/data";
import { afterEach, beforeEach, expect, test } from "vitest";

const card = device();
beforeEach(() => setDevice(new WasmDevice({ threads: 1 })));
afterEach(() => setDevice(card));

async function trained(more: Partial<TrainerOptions>): Promise<number[]> {
  const inputs = Float32Array.from({ length: 96 }, (_, i) => Math.sin(i * i));
  const data = dataset(
    inputs,
    [3],
    new Uint8Array(32).map((_, i) => i % 2),
  );
  const net = nn.sequential(nn.linear(3, 8), nn.tanh(), nn.linear(8, 2));
  const options = { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.01 }), seed: 1, ...more };
  for await (const epoch of new Trainer(net, options).fit(data, { epochs: 3, batchSize: 8, validation: data }))
    expect(epoch.loss).toBeGreaterThan(0);
  return [...(await (await net.predict(tensor([[1, 2, 3]]))).data())];
}

test("the card trains, the processor predicts", async () => {
  const [own, usual] = [await trained({ device: card }), await trained({})];
  expect(own).toHaveLength(2);
  own.forEach((value, i) => expect(value).toBeCloseTo(usual[i], 4));
});
