// A device for one trainer, while everything else goes on with the device in use.
import { loss, nn, optim, setDevice, Trainer, type TrainerOptions, tensor, WasmDevice } from "tidu";
import { type Dataset, dataset } from "tidu/data";
import { afterEach, describe, expect, test } from "vitest";
import "../../packages/tidu/src/node.js";
import { inFolder } from "./resume-support.js";

/** A device that counts what it is asked for. */
class Counting extends WasmDevice {
  prepared = 0;
  override prepare(...args: Parameters<WasmDevice["prepare"]>): ReturnType<WasmDevice["prepare"]> {
    this.prepared++;
    return super.prepare(...args);
  }
}
const make = (): Counting => new Counting({ threads: 1, portable: true });

afterEach(() => setDevice(undefined));

const samples = (count = 48): Dataset =>
  dataset(
    Float32Array.from({ length: 4 * count }, (_, i) => Math.sin(i * i)),
    [4],
    Uint8Array.from({ length: count }, (_, i) => (i * i) % 3),
  );
const network = (): nn.Module => nn.sequential(nn.linear(4, 8), nn.tanh(), nn.dropout(0.2), nn.linear(8, 3));
const trainerOf = (net: nn.Module, more: Partial<TrainerOptions> = {}): Trainer =>
  new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.01 }), seed: 3, ...more });
const weightsOf = (net: nn.Module) => Promise.all(net.parameters().map((p) => p.data()));

/** The weights after training on the device in use alone. */
async function usual(epochs: number, more: Partial<TrainerOptions> = {}) {
  setDevice(make());
  const net = network();
  for await (const _ of trainerOf(net, more).fit(samples(), { epochs, batchSize: 16 }));
  return weightsOf(net);
}

describe("a trainer's own device", () => {
  test.each([{}, { shards: 2 }])("computes the steps, and no other: %o", async (more) => {
    const want = await usual(3, more);
    const [here, there] = [make(), make()];
    setDevice(here);
    const net = network();
    const trainer = trainerOf(net, { ...more, device: there });
    const data = samples();
    for await (const _ of trainer.fit(data, { epochs: 3, batchSize: 16, validation: data }));
    expect(await weightsOf(net)).toEqual(want);
    expect(there.prepared).toBeGreaterThanOrEqual(2);
    const before = here.prepared;
    for await (const _ of trainer.fit(data, { epochs: 1, batchSize: 16, validation: data }));
    await trainer.evaluate(data);
    expect(here.prepared).toBe(before);
  });

  test("leaves the device in use to everything else, in the midst of training, too", async () => {
    const want = await usual(4);
    const [here, there] = [make(), make()];
    setDevice(here);
    const net = network();
    const x = tensor([[1, 2, 3, 4]]);
    const said: number[][] = [];
    for await (const _ of trainerOf(net, { device: there }).fit(samples(), { epochs: 4, batchSize: 16 })) {
      const asked = there.prepared;
      said.push(Array.from((await (await net.predict(x)).data()) as Float32Array));
      expect(await tensor([1, 2]).sum().item()).toBe(3);
      expect(there.prepared).toBe(asked);
    }
    expect(here.prepared).toBeGreaterThan(0);
    expect(await weightsOf(net)).toEqual(want);
    expect(new Set(said.map(String)).size).toBe(4);
  });

  test("may differ from trainer to trainer, step by step in turn", async () => {
    const want = await usual(3);
    const devices = [make(), make(), undefined];
    setDevice(make());
    const nets = devices.map(network);
    const fits = nets.map((net, i) =>
      trainerOf(net, { device: devices[i] }).fit(samples(), { epochs: 3, batchSize: 16 }),
    );
    for (let epoch = 0; epoch < 3; epoch++) await Promise.all(fits.map((fit) => fit.next()));
    await Promise.all(fits.map((fit) => fit.next()));
    for (const net of nets) expect(await weightsOf(net)).toEqual(want);
  });

  test("may be another one where training goes on from a checkpoint", async () => {
    const want = await usual(4);
    await inFolder(async (directory) => {
      setDevice(make());
      const options = { epochs: 4, batchSize: 16, checkpoint: { directory } };
      for await (const { epoch } of trainerOf(network(), { device: make() }).fit(samples(), options))
        if (epoch === 2) break;
      const net = network();
      for await (const _ of trainerOf(net, { device: make() }).fit(samples(), { ...options, resume: true }));
      expect(await weightsOf(net)).toEqual(want);
    });
  });

  test("is a device", () => {
    expect(() => trainerOf(network(), { device: "webgpu" as unknown as WasmDevice })).toThrow(
      /^Trainer: device is "webgpu"; it must be a device/,
    );
  });
});
