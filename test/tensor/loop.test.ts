import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compile, loss, nn, optim, setDevice, type Tensor, tensor, Variable } from "tidu";
import { afterAll, expect, test } from "vitest";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";

afterAll(() => setDevice(undefined));

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/**
 * Engine bytes in use when what nobody holds has been given back. Finalizers run some time after a collection, and what
 * they give up may hold something else: so until nothing more comes back.
 */
async function live(device: WasmDevice): Promise<number> {
  let before: number;
  do {
    before = device.memory.used;
    for (let i = 0; i < 3; i++) {
      collect();
      await new Promise((done) => setTimeout(done, 5));
    }
  } while (device.memory.used < before);
  return device.memory.used;
}

const batch = () =>
  [
    tensor([
      [1, 2],
      [3, 1],
      [0, 1],
    ]),
    tensor([[1], [2], [0]]),
  ] as const;

test.each([
  ["after", 10_000],
  ["before", 2000],
  ["never", 2000],
])(
  "whose cost is read %s the update, %i steps by hand are few programs and take no more memory than the first ones",
  async (when, steps) => {
    const device = new WasmDevice({ threads: 1 });
    setDevice(device);
    const net = nn.linear(2, 1).initialize(1);
    const optimizer = optim.sgd({ lr: 0.01, momentum: 0.5 });
    const [x, t] = batch();
    const used: number[] = [];
    const programs: number[] = [];
    for (let i = 1; i <= steps; i++) {
      const cost = loss.mse(net.forward(x), t);
      if (when === "before") await cost.item();
      optimizer.minimize(cost, net.parameters());
      if (when === "after") await cost.item();
      if (i === 3) programs.push(device.compiled);
      if (i % (steps / 10) === 0) used.push(await live(device));
    }
    programs.push(device.compiled);
    // The first step makes what is there at first; each that follows is the same program.
    expect(programs[1] - programs[0]).toBeLessThanOrEqual(1);
    expect(device.compiled).toBeLessThanOrEqual(4);
    expect(Math.max(...used) - used[0]).toBeLessThan(20_000);
  },
  120_000,
);

test("a loop that trains and measures by hand is as good as compiled, in few programs", async () => {
  const device = new WasmDevice({ threads: 1 });
  setDevice(device);
  const [x, t] = batch();
  const run = async (compiled: boolean) => {
    const net = nn.sequential(nn.linear(2, 3), nn.batchNorm1d(3), nn.relu(), nn.linear(3, 1)).initialize(4);
    const optimizer = optim.adam({ lr: 0.02 });
    const body = (a: Tensor, b: Tensor) => optimizer.minimize(loss.mse(net.forward(a), b), net.parameters());
    const step = compiled ? compile(body) : body;
    const losses: number[] = [];
    for (let i = 0; i < 50; i++) losses.push(await (await step(x, t)).item());
    return losses;
  };
  const before = device.compiled;
  const byHand = await run(false);
  expect(device.compiled - before).toBeLessThanOrEqual(3);
  expect(byHand).toEqual((await run(true)).map((value) => expect.closeTo(value, 4)));
});

test("compiled steps leave no copies behind and compile nothing more, however variables are looked at between", async () => {
  const device = new WasmDevice({ threads: 1 });
  setDevice(device);
  const v = new Variable(tensor(new Float32Array(1000)));
  const step = compile((x: Tensor) => v.assign(v.add(x)));
  await step(1);
  const [used, { compiled }] = [await live(device), device];
  for (let i = 0; i < 300; i++) {
    await step(1);
    if (i % 3 === 0) await v.mul(2).sum().item();
    if (i % 7 === 0) await v.data();
  }
  expect(device.compiled - compiled).toBeLessThanOrEqual(2);
  // A copy for each of the 300 steps would be 1.2 MB; the last one may still be on its way.
  expect((await live(device)) - used).toBeLessThan(9000);
  expect((await v.data())[999]).toBe(301);
});

test("a step that is not looked at between runs one program and nothing else", async () => {
  const device = new WasmDevice({ threads: 1 });
  let runs = 0;
  const { prepare } = device;
  device.prepare = (...given) => {
    runs++;
    return prepare.apply(device, given);
  };
  setDevice(device);
  const net = nn.linear(2, 1).initialize(1);
  const optimizer = optim.adam({ lr: 0.01 });
  const step = compile((a: Tensor, b: Tensor) => optimizer.minimize(loss.mse(net.forward(a), b), net.parameters()));
  const [x, t] = batch();
  await step(x, t);
  const before = runs;
  for (let i = 0; i < 100; i++) await step(x, t);
  for (const p of net.parameters()) await p.data();
  expect(runs).toBe(before);
});
