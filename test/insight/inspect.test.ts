import { describe, expect, test } from "vitest";
import { ArgumentError, loss, nn, ShapeError, type Tensor, tensor } from "../../packages/tidu/src/index.js";
import { inspect } from "../../packages/tidu/src/insight/index.js";
import { expectNumbers } from "../nn/support/close.js";
import { onEveryDevice } from "../nn/support/devices.js";
import { filled, noise, numbers } from "./support.js";

const network = () =>
  filled(
    nn.sequential(
      nn.conv2d(1, 2, 3),
      nn.elu(0.4),
      nn.maxPool2d(2),
      nn.flatten(),
      nn.linear(8, 5),
      nn.dropout(0.5),
      nn.tanh(),
      nn.linear(5, 3),
    ),
  );
const images = () => noise([2, 1, 6, 6]);
const target = () => noise([2, 3], 7);

onEveryDevice(() => {
  describe("inspect", () => {
    test("gives what each layer gives, under its name", async () => {
      const net = network();
      const { layers, output, cost } = await inspect(net, images());
      expect([...layers.keys()]).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
      let x = images();
      for (const [i, layer] of net.eval().layers.entries()) {
        const seen = layers.get(String(i))!;
        expect(seen.layer).toBe(layer);
        const activation = i === 1 || i === 6;
        expect(seen.preActivation !== undefined, `pre-activation of ${layer}`).toBe(activation);
        if (activation) expectNumbers(`input of ${layer}`, await numbers(seen.preActivation!), await numbers(x));
        x = layer.forward(x);
        expect(seen.output.shape).toEqual(x.shape);
        expectNumbers(String(layer), await numbers(seen.output), await numbers(x));
        expect(seen.outputGradient).toBeUndefined();
      }
      expectNumbers("output", await numbers(output), await numbers(x));
      expect(cost).toBeUndefined();
    });

    test("shows the pieces that maxout chose from, and that the gradient goes to the winner", async () => {
      const net = nn.sequential(nn.maxout(1, 2, 2, { init: () => tensor([[1], [-1], [3], [2]]), bias: false }));
      const { layers } = await inspect(net, tensor([[2]]), { loss: (y) => y.sum(), target: tensor([[0, 0]]) });
      const seen = layers.get("0")!;
      expect(await seen.output.array()).toEqual([[2, 6]]);
      expect(await seen.preActivation!.array()).toEqual([
        [
          [2, -2],
          [6, 4],
        ],
      ]);
      expect(await seen.preActivationGradient!.array()).toEqual([
        [
          [1, 0],
          [1, 0],
        ],
      ]);
    });

    test("gradients are the slopes of the cost", async () => {
      const net = network();
      const { layers, cost } = await inspect(net, images(), { loss: loss.mse, target: target() });
      const rest = (from: number) => (y: Tensor) =>
        net.during(false, () =>
          loss.mse(
            net.layers.slice(from).reduce((v: Tensor, l) => l.forward(v), y),
            target(),
          ),
        );
      expect(cost).toBeCloseTo(await rest(0)(images()).item(), 5);
      for (const [name, seen] of layers) {
        const i = Number(name);
        await expectSlopes(`output of ${name}`, rest(i + 1), seen.output, seen.outputGradient!);
        if (seen.preActivation === undefined) continue;
        await expectSlopes(`pre-activation of ${name}`, rest(i), seen.preActivation, seen.preActivationGradient!);
      }
    });

    test("changes nothing, in training mode too, and draws the same masks for the same seed", async () => {
      const net = filled(nn.sequential(nn.linear(4, 6), nn.batchNorm1d(6), nn.dropout(0.5)));
      const before = await stateOf(net);
      const options = { training: true, loss: (y: Tensor) => y.square().sum() };
      const [a, b, c] = [
        await inspect(net, noise([5, 4]), options),
        await inspect(net, noise([5, 4]), options),
        await inspect(net, noise([5, 4]), { ...options, seed: 1 }),
      ];
      // Normalized by the batch itself, not by the running mean.
      const normalised = await numbers(a.layers.get("1")!.output.mean(0));
      expectNumbers("means", normalised, await numbers(net.layers[1].bias!), 1e-5);
      expect(await numbers(a.output)).toContain(0);
      expect(await numbers(b.output)).toEqual(await numbers(a.output));
      expect(await numbers(c.output)).not.toEqual(await numbers(a.output));
      // A gradient passes where the mask lets it.
      const [y, dy] = [await numbers(a.output), await numbers(a.layers.get("1")!.outputGradient!)];
      expect(dy.map((v) => v === 0)).toEqual(y.map((v) => v === 0));
      expect(await stateOf(net)).toEqual(before);
      expect(net.training).toBe(true);
    });
  });
});

const stateOf = (net: nn.Module) => Promise.all([...net.state()].map(async ([, v]) => numbers(v)));

/** Central differences for some of the elements. */
async function expectSlopes(what: string, cost: (y: Tensor) => Tensor, at: Tensor, gradient: Tensor): Promise<void> {
  expect(gradient.shape).toEqual(at.shape);
  const [values, slopes] = [await at.data(), await numbers(gradient)];
  const costAt = (i: number, value: number) => cost(tensor(Float32Array.from(values).fill(value, i, i + 1), at.shape));
  for (let i = 0; i < values.length; i += Math.ceil(values.length / 4)) {
    const [low, high] = [Math.fround(values[i] - 1e-2), Math.fround(values[i] + 1e-2)];
    const rise = (await costAt(i, high).item()) - (await costAt(i, low).item());
    expect(slopes[i], `${what}, element ${i}`).toBeCloseTo(rise / (high - low), 3);
  }
}

describe("inspect", () => {
  test("names the second call of a layer, adds up its gradients, and finds layers inside others", async () => {
    class Twice extends nn.Module {
      readonly hidden = nn.sequential(nn.linear(2, 2));
      override forward(x: Tensor): Tensor {
        return this.hidden.forward(this.hidden.forward(x));
      }
    }
    const net = filled(new Twice());
    const { layers } = await inspect(net, noise([3, 2]), { loss: (y: Tensor) => y.sum() });
    expect([...layers.keys()]).toEqual(["hidden.0", "hidden.0:2"]);
    expect(await numbers(layers.get("hidden.0:2")!.outputGradient!)).toEqual([1, 1, 1, 1, 1, 1]);
    const weight = await net.hidden.layers[0].weight.data();
    const first = await numbers(layers.get("hidden.0")!.outputGradient!);
    expect(first[0]).toBeCloseTo(weight[0] + weight[2], 6);
    expect(first[1]).toBeCloseTo(weight[1] + weight[3], 6);
  });

  test("maxout over channels has a pre-activation; whole numbers have no gradient", async () => {
    const net = nn.sequential(nn.embedding(4, 6), nn.maxoutChannels(3));
    const { layers } = await inspect(net, tensor([1, 3], undefined, "i32"), { loss: (y: Tensor) => y.sum() });
    expect(layers.get("1")!.preActivation!.shape).toEqual([2, 6]);
    expect((await numbers(layers.get("1")!.preActivationGradient!)).filter((g) => g === 1)).toHaveLength(4);
  });

  test("refuses half a cost, and a cost that is not one number", async () => {
    const net = network();
    await expect(inspect(net, images(), { target: target() })).rejects.toThrow(ArgumentError);
    await expect(inspect(net, images(), { loss: loss.mse })).rejects.toThrow(/loss is given without a target/);
    await expect(inspect(net, images(), { loss: (y: Tensor) => y })).rejects.toThrow(ShapeError);
    await expect(inspect(net, noise([2, 3]))).rejects.toThrow(/^layer 0 conv2d/);
  });
});
