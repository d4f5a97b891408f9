import { describe, expect, it } from "vitest";
import { exportOnnx, importOnnx } from "../../packages/onnx/src/index.js";
import { ArgumentError } from "../../packages/tidu/src/base/errors.js";
import { compile, loss, nn, ones, optim, type Tensor, tensor } from "../../packages/tidu/src/index.js";

class Blocks extends nn.Module {
  first = nn.linear(2, 3);
  blocks = [nn.linear(3, 3), nn.linear(3, 3)];
  named = { head: nn.sequential(nn.relu(), nn.linear(3, 2)) };
  byName = new Map([["last", nn.linear(2, 2)]]);

  override forward(x: Tensor): Tensor {
    const inner = this.blocks.reduce((y, b) => b.forward(y), this.first.forward(x));
    return (this.byName.get("last") as nn.Module).forward(this.named.head.forward(inner));
  }
}

const shapes = (net: nn.Module) => [...net.state()].map(([name, v]) => `${name} [${v.shape}]`);

describe("replace", () => {
  it.each(["first", "blocks.1", "named.head.1", "named.head", "byName.last"])(
    "puts a layer in the place of %s",
    (path) => {
      const net = new Blocks();
      const layer = nn.maxout(3, 3, 2);
      expect(net.replace(path, layer)).toBe(net);
      expect(new Map(net.namedModules()).get(path)).toBe(layer);
    },
  );

  it("changes what predict computes, though it had been compiled", async () => {
    const net = nn.sequential(nn.linear(2, 2), nn.relu());
    const x = ones([1, 2]);
    await net.predict(x);
    net.replace("0", nn.linear(2, 1, { init: () => tensor([[2, 3]]), bias: false }));
    expect(await (await net.predict(x)).array()).toEqual([[5]]);
  });

  it.each([
    nn.multiHeadAttention(4, 2, { dropout: 0.1 }),
    nn.transformerBlock(4, 2, { dropout: 0.1 }),
    ...[nn.rnn, nn.lstm, nn.gru].map((layer) => layer(4, 4, { layers: 2, dropout: 0.1 })),
    nn.residual(nn.linear(4, 4)),
    nn.branches(nn.linear(4, 4), nn.sequential(nn.relu())),
  ])("reaches every layer that %s lists", (net) => {
    const paths = net.namedModules().flatMap(([path]) => path || []);
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths.reverse()) {
      const layer = nn.linear(4, 4);
      net.replace(path, layer);
      expect([path, new Map(net.namedModules()).get(path) === layer]).toEqual([path, true]);
    }
  });

  it("gives layers another dropout, or none, which they use, compiled before or not", async () => {
    class Nothing extends nn.Module {
      override forward(x: Tensor): Tensor {
        return x.mul(0);
      }
    }
    for (const path of ["dropout", "self_attn.dropout"]) {
      const net = nn.transformerBlock(4, 2, { dropout: 0.5, preNorm: true });
      const x = tensor(
        Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)),
        [1, 3, 4],
      );
      const forward = compile((x) => net.forward(x));
      await forward(x);
      net.replace(path, new Nothing());
      if (path === "dropout") expect(await (await forward(x)).data()).toEqual(await x.data());
      net.replace("dropout", new Nothing()).replace("self_attn.dropout", nn.relu());
      expect(await (await forward(x)).data()).toEqual(await x.data());
    }
  });

  it("names what there is where the path leads nowhere", () => {
    expect(() => nn.sequential(nn.relu()).replace("fc", nn.relu())).toThrow(
      new ArgumentError('replace: path is "fc"; it must be one of 0'),
    );
  });

  it("gives an imported network a new head, which alone is trained when the rest is frozen", async () => {
    const made = nn.sequential(nn.conv2d(1, 2, 3), nn.relu(), nn.flatten(), nn.linear(8, 5));
    const net = importOnnx(await exportOnnx(made, [1, 4, 4]));
    net.freeze().replace("3", nn.linear(8, 2));
    expect(shapes(net)).toEqual(expect.arrayContaining(["3.weight [2,8]", "3.bias [2]"]));
    const before = await (net.state().get("0.weight") as Tensor).data();
    const optimizer = optim.sgd({ lr: 0.1 });
    const [x, t] = [ones([4, 1, 4, 4]), tensor(Int32Array.of(0, 1, 0, 1))];
    const head = await (net.state().get("3.bias") as Tensor).data();
    expect((await net.predict(x)).shape).toEqual([4, 2]);
    await compile((a: Tensor, b: Tensor) =>
      optimizer.minimize(loss.crossEntropy(net.forward(a), b.maximum(1)), net.parameters()),
    )(x, t);
    expect(await (net.state().get("0.weight") as Tensor).data()).toEqual(before);
    expect(await (net.state().get("3.bias") as Tensor).data()).not.toEqual(head);
  });
});
