// Halves in ONNX: weights of two bytes, from files and into them, and casts that round.
import { describe, expect, test } from "vitest";
import { exportOnnx, importOnnx } from "../../packages/onnx/src/index.js";
import { type Half, nearestHalf } from "../../packages/tidu/src/base/half.js";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { open, run } from "../onnx/support/runtime.js";

const BOTH: readonly Half[] = ["f16", "bf16"];
const numbers = (count: number, by: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(i * by) * 3);

/** Rounds what it is given on the way. */
class Rounding extends nn.Module {
  readonly weight = new nn.Parameter([4, 3], () => tensor(numbers(12, 1.7), [4, 3]));

  constructor(readonly type: Half) {
    super();
  }

  override forward(x: Tensor): Tensor {
    return x.to(this.type).matmul(this.weight).slice(1, 0, 2).to(this.type);
  }
}

describe.each(BOTH)("a network with weights in %s", (dtype) => {
  const make = () => {
    const net = nn.sequential(
      nn.conv2d(2, 3, 3, { padding: 1 }),
      nn.batchNorm2d(3),
      nn.relu(),
      nn.flatten(),
      nn.linear(48, 160),
      nn.layerNorm(160),
      nn.linear(160, 2),
    );
    for (const [i, p] of net.parameters().entries()) p.assign(tensor(numbers(p.size, 0.3 + i), p.shape));
    return net;
  };
  const x = () => tensor(numbers(64, 0.7), [2, 2, 4, 4]);

  test("is written with two bytes for each, and read as the same network", async () => {
    const [full, half] = [await exportOnnx(make(), [2, 4, 4]), await exportOnnx(make().to(dtype), [2, 4, 4])];
    const weights = make()
      .parameters()
      .reduce((n, p) => n + p.size, 0);
    expect(full.length - half.length).toBeGreaterThan(1.8 * weights);
    const net = importOnnx(half);
    const want = await make().to(dtype).predict(x());
    expect(await net.predict(x()).then((y) => y.sub(want).abs().max().item())).toBeLessThan(2e-5);
    // Its weights can be halves again, in as many bytes.
    expect([...net.to(dtype).namedParameters().keys()]).toEqual([...make().namedParameters().keys()]);
    expect(net.children().map(([, layer]) => layer.constructor.name)).toEqual(
      make()
        .children()
        .map(([, layer]) => layer.constructor.name),
    );
    expect(await net.predict(x()).then((y) => y.sub(want).abs().max().item())).toBeLessThan(2e-5);
  });

  // ONNX Runtime casts no bfloat16 on processors.
  test.skipIf(dtype === "bf16")("is what ONNX Runtime reads", async () => {
    const session = await open(await exportOnnx(make().to(dtype), [2, 4, 4]));
    const [said, want] = [await run(session, x()), await (await make().to(dtype).predict(x())).data()];
    want.forEach((v: number, i: number) => void expect(Math.abs(v - said.data[i])).toBeLessThan(2e-5));
  });

  test("and casts in it round", async () => {
    const net = new Rounding(dtype);
    const input = () => tensor(numbers(8, 0.9), [2, 4]);
    const read = importOnnx(await exportOnnx(net, [4]));
    const got = await (await read.predict(input())).data();
    expect([...got]).toEqual([...(await (await net.predict(input())).data())]);
    expect([...got]).toEqual(Array.from(got, (v: number) => nearestHalf(dtype, v)));
  });
});
