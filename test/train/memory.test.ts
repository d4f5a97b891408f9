import { MemoryError, nn, setDevice, tensor } from "tidu";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Dataset, dataset } from "../../packages/tidu/src/data/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { all, classifier, failure, points, trainerOf } from "./support.js";

let device: WasmDevice;
beforeAll(() => setDevice((device = new WasmDevice({ threads: 1 }))));
afterAll(() => setDevice(undefined));

const wide = (width: number) => nn.sequential(nn.linear(2, width), nn.relu(), nn.linear(width, 3));

describe("more memory than the engine can address", () => {
  it.each([
    ["an absurd width", () => wide(2e9), 64, 2e9 * (2 + 1 + 3) * 4],
    ["an absurd batch", () => wide(2e5), 30_000, 3e4 * 2e5 * 4],
  ])("for %s is refused before anything is taken, with the number of bytes", async (_, make, batchSize, least) => {
    const trainer = trainerOf(make());
    const error = (await failure(() => all(trainer.fit(points(30_000), { batchSize })))) as MemoryError;
    expect(error).toBeInstanceOf(MemoryError);
    expect(error.bytes).toBeGreaterThan(least);
    expect(error.message).toMatch(
      new RegExp(
        `^trainer: a step on ${batchSize} samples needs ${error.bytes} bytes \\(.* GiB for intermediate values`,
      ),
    );
    expect(device.memory.peak).toBeLessThan(2e6);
  });

  it("counts the validation set", async () => {
    class Large extends Dataset {
      override get bytes(): number {
        return 2 ** 33;
      }
    }
    const { inputs, targets } = points(4);
    const validation = new Large(inputs, targets);
    const error = await failure(() => all(trainerOf(classifier()).fit(points(4), { validation })));
    expect(error).toBeInstanceOf(MemoryError);
    expect((error as MemoryError).bytes).toBeGreaterThan(2 ** 33);
  });

  it("is refused to evaluate as well", async () => {
    const trainer = trainerOf(wide(2e9));
    expect(await failure(() => trainer.evaluate(points(4)))).toBeInstanceOf(MemoryError);
  });

  it("spoils nothing: smaller networks train, and the same one in smaller batches", async () => {
    const trainer = trainerOf(wide(2e5));
    await failure(() => all(trainer.fit(points(30_000), { batchSize: 30_000 })));
    await failure(() => all(trainerOf(wide(2e9)).fit(points(4))));
    const small = await all(trainerOf(classifier()).fit(points(40), { batchSize: 4 }));
    expect(small[0].loss).toBeLessThan(2);
    const same = await all(trainer.fit(points(4), { batchSize: 4 }));
    expect(same[0].loss).toBeLessThan(2);
  });

  it("is refused outside the trainer too, and what waited to be stored still waits", async () => {
    const [first, huge] = [nn.linear(2, 3), nn.linear(3, 2 ** 30)];
    const error = await failure(() => nn.sequential(first, huge).predict(tensor([[1, 2]])));
    expect(error).toBeInstanceOf(MemoryError);
    expect(error.message).toMatch(/the engine needs [\d.]+ GiB more .*; use a smaller batch or model/);
    expect((await first.weight.data()).every((v) => v !== 0)).toBe(true);
  });

  it("is counted exactly: a data set is stored as it is", () => {
    const bytes = dataset(new Uint8Array(50), [5], new Float32Array(20)).bytes;
    expect(bytes).toBe(50 + 20 * 4);
  });
});
