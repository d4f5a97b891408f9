// Devices that do not store f64 and i64 refuse them, by the name of what was called and with what to do.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exportOnnx } from "../../packages/onnx/src/index.js";
import { NullDevice, ReferenceDevice } from "../../packages/tidu/src/debug/index.js";
import {
  compile,
  DeviceError,
  loss,
  nn,
  optim,
  setDevice,
  tensor,
  Variable,
  WasmDevice,
} from "../../packages/tidu/src/index.js";
import { NativeDevice, predictC, predictWasm, trainingC } from "../../packages/tidu/src/native.js";
import type { Realizer } from "../../packages/tidu/src/tensor/realizer.js";
import { WebGpuDevice } from "../../packages/tidu/src/webgpu.js";
import { COMPILERS } from "../native/support.js";
import { fakeAdapter } from "../support/fake-gpu.js";

const refusal = (where: string, name: string, dtype: string) =>
  `${where}: ${name} does not store ${dtype}; use ReferenceDevice of tidu/debug`;

const DEVICES: readonly (readonly [name: string, make: () => Promise<Realizer>, here: boolean])[] = [
  ["wasm", async () => new WasmDevice({ threads: 1 }), true],
  ["native", () => NativeDevice.create({ threads: 1 }), COMPILERS.length > 0],
  ["webgpu", () => WebGpuDevice.create({ adapter: fakeAdapter() }), true],
  ["null", async () => new NullDevice(), true],
];

afterAll(() => setDevice(undefined));

describe.each(DEVICES.filter(([, , here]) => here))("%s", (name, make) => {
  let device: Realizer;
  beforeAll(async () => void (device = await make()));
  beforeEach(() => setDevice(device));

  test.each(["f64", "i64"] as const)("%s is refused where it is asked for", (dtype) => {
    for (const ask of [
      () => tensor([1], undefined, dtype),
      () => tensor([1]).to(dtype),
      () => compile(() => tensor([1]).to(dtype)).prepare(),
    ]) {
      expect(ask).toThrow(DeviceError);
      expect(ask).toThrow(new RegExp(`^(tensor|to): ${name} does not store ${dtype};`));
    }
    expect(() => tensor([1]).to(dtype)).toThrow(refusal("to", name, dtype));
  });

  test("a network is left as it is", () => {
    const net = nn.linear(2, 1);
    expect(() => net.to("f64")).toThrow(refusal("to", name, "f64"));
    expect(net.weight.dtype).toBe("f32");
  });

  test("values of the reference device cannot be used, and stay where they are", async () => {
    setDevice(new ReferenceDevice());
    const x = await tensor([0.1], undefined, "f64").add(0.2).realize();
    const fresh = tensor([0.1], undefined, "f64");
    const w = new Variable(x);
    const step = compile(() => w.assign(w.mul(2)));
    await step();
    setDevice(device);
    const refused = refusal("data", name, "f64");
    await expect((async () => x.add(1).data())()).rejects.toThrow(refused);
    await expect((async () => fresh.data())()).rejects.toThrow(refused);
    await expect((async () => x.toFloat().sum().item())()).rejects.toThrow(refused);
    await expect((async () => step())()).rejects.toThrow(refused);
    expect(await x.item()).toBe(0.1 + 0.2);
    expect(await w.item()).toBe(2 * (0.1 + 0.2));
    setDevice(new ReferenceDevice());
    expect(await x.to("f32").item()).toBe(Math.fround(0.1 + 0.2));
    expect(await fresh.item()).toBe(0.1);
  });

  test("what came to f32 there is used everywhere", async () => {
    setDevice(new ReferenceDevice());
    const x = await tensor([0.1], undefined, "f64").add(0.2).to("f32").realize();
    setDevice(device);
    const y = await x.add(1).data();
    if (name === "wasm" || name === "native") expect(y).toEqual(Float32Array.of(Math.fround(0.1 + 0.2) + 1));
  });
});

describe("what is compiled ahead of time", () => {
  beforeAll(() => setDevice(new ReferenceDevice()));
  const net = () => nn.linear(2, 1).to("f64");

  test("refuses them", async () => {
    const training = { target: [1], loss: loss.mse, optimizer: optim.sgd({ lr: 1 }) };
    await expect(predictC(net(), [2])).rejects.toThrow(refusal("predictC", "compiled code", "f64"));
    await expect(trainingC(net(), [2], training)).rejects.toThrow(refusal("trainingC", "compiled code", "f64"));
    await expect(predictWasm(net(), [2])).rejects.toThrow(refusal("predictWasm", "compiled code", "f64"));
    await expect(exportOnnx(net(), [2])).rejects.toThrow(
      'exportOnnx: the network computes in f64, which is not written; use to("f32") before',
    );
  });
});
