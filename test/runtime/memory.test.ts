import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { device, MemoryError, setDevice, type Tensor, tensor, Variable, WasmDevice } from "tidu";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pressure } from "../../packages/tidu/src/runtime/collector.js";

const MIB = 2 ** 20;
const LIMIT = 64 * MIB;

describe("a device with a limit", () => {
  beforeEach(() => setDevice(new WasmDevice({ threads: 1, memoryLimit: LIMIT })));
  afterEach(() => setDevice(undefined));
  const used = () => (device() as WasmDevice).memory;

  test("gives back what nobody keeps, as often as it takes, without a turn of the event loop of the caller's", async () => {
    const ones = new Float32Array(MIB).fill(1);
    for (let i = 0; i < 100; i++) expect((await tensor(ones).add(i).data())[7]).toBe(1 + i);
    expect(used().peak).toBeLessThanOrEqual(LIMIT);
  });

  test.each(["detach().realize()", "realize().detach()"])(
    "a loop that carries a tensor on by %s holds one at a time",
    async (how) => {
      let x = tensor(new Float32Array(MIB));
      for (let i = 0; i < 60; i++) {
        const next = x.add(1);
        x = how.startsWith("detach") ? await next.detach().realize() : (await next.realize()).detach();
      }
      expect((await x.data())[3]).toBe(60);
    },
  );

  test("keeps what can be reached, and says what does not fit", async () => {
    const kept: Tensor[] = [];
    const fill = async () => {
      for (let i = 0; i < 100; i++) kept.push(await tensor(new Float32Array(MIB).fill(i)).add(1).realize());
    };
    const error = await fill().then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(MemoryError);
    expect(String(error)).toMatch(
      /^MemoryError: the engine needs 4.0 MiB more beside 6\d.\d MiB in use, and may have 64.0 MiB; use a smaller batch or model, or detach()/,
    );
    expect(kept.length).toBeGreaterThan(5);
    for (const [i, t] of kept.entries()) expect((await t.data())[5]).toBe(i + 1);
    // Room again, once they are dropped.
    kept.length = 0;
    expect(
      (
        await tensor(new Float32Array(2 * MIB))
          .add(2)
          .data()
      )[9],
    ).toBe(2);
  });

  test("does what is not awaited in the order in which it was asked for, though some of it waits for memory", async () => {
    const v = new Variable(tensor(new Float32Array(MIB)));
    await v.realize();
    let garbage: Tensor[] = [];
    for (let i = 0; i < 6; i++) garbage.push(await tensor(new Float32Array(MIB)).add(1).realize());
    garbage = [];
    const large = tensor(new Float32Array(2 * MIB)).add(1);
    const waiting = [large.data(), v.data()];
    v.assign(tensor(new Float32Array(MIB)).add(5));
    const [first, before] = await Promise.all(waiting);
    expect([first[3], before[3], (await v.data())[3]]).toEqual([1, 0, 5]);
  });
});

test("devices that nobody keeps give back their threads and their memory", async () => {
  const used = async () => {
    const own = new WasmDevice({ threads: 3 });
    void own.ready();
    setDevice(own);
    expect(await tensor([1, 2]).sum().item()).toBe(3);
    setDevice(undefined);
  };
  const { held } = pressure;
  for (let i = 0; i < 40; i++) await used();
  // By the pressure of their own they are collected on the way; of what is left the last collection takes care.
  expect(pressure.held - held).toBeLessThan(20 * 64 * MIB);
  for (let i = 0; i < 5 && pressure.held - held >= 64 * MIB; i++) await pressure.collect();
  expect(pressure.held - held).toBeLessThan(64 * MIB);
});

test.each([
  ["eager", 60],
  ["compiled", 1500],
  ["step", 1500],
  ["predict", 1000],
])("a loop of another process stays flat: %s", { timeout: 120_000 }, async (name, rounds) => {
  const file = fileURLToPath(new URL("./memory/loops.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, name, String(rounds)]);
  const { half, end, peak } = JSON.parse(stdout);
  expect(peak).toBeLessThan(600 * MIB);
  expect(end - half).toBeLessThan(150 * MIB);
});
