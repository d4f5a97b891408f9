// What a step on a graphics card is made of, counted without one: dispatches, submissions and bytes; and that the
// checker of dispatches sees what drivers would refuse, or would not notice.
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Bound, Dispatch } from "../../packages/tidu/src/codegen/wgsl/dispatch.js";
import { verifyDispatches } from "../../packages/tidu/src/codegen/wgsl/verify.js";
import {
  ArgumentError,
  compile,
  concat,
  loss,
  optim,
  scan,
  setDevice,
  stack,
  type Tensor,
  tensor,
  zeros,
} from "../../packages/tidu/src/index.js";
import type { GpuExecutable } from "../../packages/tidu/src/runtime/webgpu/device.js";
import { WebGpuDevice } from "../../packages/tidu/src/webgpu.js";
import { fakeAdapter, LEAST } from "../support/fake-gpu.js";
import { lenet } from "../train/support.js";

let device: WebGpuDevice;
/** Every program so far. */
let programs: GpuExecutable[];
beforeAll(async () => {
  device = await WebGpuDevice.create({ adapter: fakeAdapter(), tiles: false });
  watch(device);
});
beforeEach(() => void (programs = []));

/** Uses a device, and keeps its programs. */
function watch(card: WebGpuDevice): void {
  const prepare = card.prepare.bind(card);
  card.prepare = (...given) => {
    const executable = prepare(...given);
    programs.push(executable as GpuExecutable);
    return executable;
  };
  setDevice(card);
}

/** A step of LeNet, run twice, at a batch of 64 pictures. */
async function train(optimizer: optim.Optimizer): Promise<GpuExecutable & { counted: number[] }> {
  const net = lenet();
  const step = compile((x: Tensor, t: Tensor) =>
    optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()),
  );
  const x = await zeros([64, 1, 28, 28]).realize();
  const t = await tensor(new Uint8Array(64)).realize();
  await step(x, t);
  const before = device.counts;
  await step(x, t);
  const { dispatches, submissions } = device.counts;
  const main = programs.reduce((a, b) => (b.stats.bytes > a.stats.bytes ? b : a));
  return { ...main, counted: [dispatches - before.dispatches, submissions - before.submissions] };
}

describe("a step of LeNet on the smallest card that there may be", () => {
  test.each([
    ["SGD", optim.sgd({ lr: 0.1 }), 20, 18],
    ["SGD with momentum", optim.sgd({ lr: 0.1, momentum: 0.9 }), 20, 18.3],
    ["Adam", optim.adam({ lr: 0.001 }), 28, 18.9],
  ])("with %s is one submission of few dispatches", async (_, optimizer, most, megabytes) => {
    const { stats, counted } = await train(optimizer);
    expect(counted).toEqual([stats.dispatches, 1]);
    expect(stats.dispatches).toBeLessThanOrEqual(most);
    expect(stats.bytes).toBeLessThan(megabytes * 1e6);
  });
});

test.each<[string, (parts: readonly Tensor[]) => Tensor]>([
  ["joined", (parts) => concat(parts)],
  ["joined after a function each", (parts) => stack(parts.map((x) => x.exp()))],
  ["joined and added up", (parts) => concat(parts).sin().sum()],
  ["joined by a loop", (parts) => scan((sum, x) => [sum.add(x).tanh(), sum.sum()], parts[0], stack(parts))[1]],
  ["added", (parts) => parts.reduce((a, b) => a.mul(b).add(a))],
])("any number of values may be %s, though a shader reads few", (_, make) => {
  const parts = Array.from({ length: 3 * LEAST.maxStorageBuffersPerShaderStage }, (_, i) => tensor([i, i + 0.5]));
  compile(() => make(parts)).prepare();
  expect(programs).toHaveLength(1);
  verifyDispatches(programs[0].dispatches, LEAST);
});

test("on a driver that computes on the processor, threads never wait for each other", async () => {
  const before = device;
  try {
    device = await WebGpuDevice.create({ adapter: { ...fakeAdapter(), isFallbackAdapter: true } });
    watch(device);
    const { dispatches } = await train(optim.adam({ lr: 0.001 }));
    expect(dispatches.filter((d) => /[bB]arrier/.test(d.text))).toEqual([]);
    for (const d of dispatches) verifyDispatches([d], LEAST);
  } finally {
    device = before;
    setDevice(device);
  }
});

describe("the checker of dispatches", () => {
  let good: readonly Dispatch[];
  beforeEach(async () => {
    good = (await train(optim.adam({ lr: 0.001 }))).dispatches;
  });

  const check =
    (dispatches: readonly Dispatch[], limits = LEAST) =>
    () =>
      verifyDispatches(dispatches, limits);
  /** The program with one dispatch changed, the first that `change` makes something of. */
  const damaged = (change: (d: Dispatch) => Dispatch | undefined): Dispatch[] => {
    for (const [i, dispatch] of good.entries()) {
      const other = change(dispatch);
      if (other !== undefined) return good.with(i, other);
    }
    throw new Error("nothing to change");
  };
  const rebound = (change: (b: readonly Bound[]) => Bound[] | undefined) =>
    damaged((d) => {
      const bindings = change(d.bindings);
      return bindings && { ...d, bindings };
    });

  test("takes what the printer makes", () => {
    for (const { dispatches } of programs) expect(check(dispatches)).not.toThrow();
  });

  test.each<[string, RegExp, () => Dispatch[]]>([
    ["a buffer that is not given", /declares \d+ buffers and is given/, () => rebound((b) => b.slice(1))],
    [
      "another kind of access",
      /declared as number \d to read/,
      () => rebound((b) => [{ ...b[0], written: !b[0].written }, ...b.slice(1)]),
    ],
    [
      "one storage under two numbers",
      /a storage has two bindings|has no binding/,
      () =>
        rebound((b) => {
          const [x, y] = b.filter((p) => p.buffer.storage !== undefined && !p.written);
          return y && b.map((p) => (p === y ? x : p));
        }),
    ],
    [
      "pieces of the arena that overlap",
      /share bytes of the arena/,
      () =>
        rebound((b) => {
          const [x, y] = b.filter((p) => p.buffer.storage === undefined && p.arena === undefined);
          if (y === undefined || !x.written) return undefined;
          const moved = Object.create(y.buffer, { offset: { value: x.buffer.offset } });
          return b.map((p) => (p === y ? { ...y, buffer: moved } : p));
        }).map((d) => {
          const of = new Map(d.bindings.map((p) => [Object.getPrototypeOf(p.buffer), p.buffer]));
          const stores = (k: (typeof d.kernels)[number]) =>
            k.stores.map((s) => ({ ...s, buffer: of.get(s.buffer) ?? s.buffer }));
          return { ...d, kernels: d.kernels.map((k) => ({ ...k, stores: stores(k) }) as typeof k) };
        }),
    ],
    ["no workgroups", /0 × 1 workgroups/, () => damaged((d) => ({ ...d, groups: [0, 1] }))],
    ["too many workgroups", /65536 × 1/, () => damaged((d) => ({ ...d, groups: [65536, 1] }))],
    [
      "too many threads",
      /another number of threads/,
      () => damaged((d) => ({ ...d, text: d.text.replace("@workgroup_size(256)", "@workgroup_size(512)") })),
    ],
  ])("refuses %s", (_, message, make) => {
    expect(check(make())).toThrow(message);
  });

  test.each([
    ["buffers", /needs \d buffers; 2 are/, { ...LEAST, maxStorageBuffersPerShaderStage: 2 }],
    ["bytes of a binding", /bytes; 1024 are/, { ...LEAST, maxStorageBufferBindingSize: 1024 }],
    ["bytes of a workgroup", /a workgroup needs/, { ...LEAST, maxComputeWorkgroupStorageSize: 512 }],
  ])("knows how many %s a card allows", (_, message, limits) => {
    expect(check(good, limits)).toThrow(message);
  });
});

describe("options of WebGpuDevice.create", () => {
  const tile = { rows: 64, columns: 64, alone: 30, shared: 0.5 };
  test.each([
    [{ powerPreference: "fast" }, /powerPreference is "fast"; it must be "low-power" or "high-performance"/],
    [{ software: 1 }, /software is 1; it must be true or false/],
    [{ f16: "yes" }, /f16 is "yes"; it must be true or false/],
    [{ half: true }, /options has no "half"; it may have .*f16/],
    [{ adapter: {} }, /adapter is .*; it must be a GPUAdapter/],
    [{ tiles: [{ ...tile, rows: 7 }] }, /tiles is .*; it must be tiles of .*64×64.* on this card/],
    [{ tiles: [{ ...tile, alone: -1 }] }, /tiles/],
  ])("%o", async (options, message) => {
    const wanted = WebGpuDevice.create({ adapter: fakeAdapter(), ...(options as object) });
    await expect(wanted).rejects.toThrow(ArgumentError);
    await expect(wanted).rejects.toThrow(message);
  });
});
