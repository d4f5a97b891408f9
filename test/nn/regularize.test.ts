import { describe, expect, test } from "vitest";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { constant } from "../../packages/tidu/src/nn/init.js";
import { elasticNet, l1, l2, only, penalty, type Regularizer, sum } from "../../packages/tidu/src/nn/regularize.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { expectNumbers } from "./support/close.js";
import { onEveryDevice } from "./support/devices.js";

/** Two layers of weights ±2 and ±3, and biases of 5. */
function network() {
  const net = nn.sequential(nn.linear(2, 1, { biasInit: constant(5) }), nn.linear(1, 2, { biasInit: constant(5) }));
  net.layers[0].weight.assign(tensor([[2, -2]]));
  net.layers[1].weight.assign(tensor([[3], [-3]]));
  return net;
}

const cost = (net: nn.Module, regularizer: Regularizer) => regularizer(net.parameters())?.item();

onEveryDevice(() => {
  test.each<[string, (net: ReturnType<typeof network>) => Regularizer, number]>([
    ["l2 of weights only", () => l2(0.1), 2.6],
    ["l1 of weights only", () => l1(0.1), 1],
    ["l2 of biases too", () => l2(0.1, { all: true }), 10.1],
    ["elastic net", () => elasticNet(0.1, 0.01), 1.26],
    ["a function of your own", () => penalty((w) => w.pow(4).sum(), 0.5), 97],
    ["a λ for each layer", (net) => sum(only(net.layers[0], l2(1)), only(net.layers[1], l1(10))), 68],
    ["one layer only", (net) => only(net.layers[1], l2(1)), 18],
  ])("%s", async (_, make, want) => {
    const net = network();
    expectNumbers("penalty", [(await cost(net, make(net))) as number], [want]);
  });

  test("gradients: 2 λ w, and λ sign(w) with 0 at 0", async () => {
    const w = new nn.Parameter([3], () => tensor([2, -3, 0]));
    const [square] = grad(l2(0.5)([w])!, [w]);
    const [absolute] = grad(l1(0.5)([w])!, [w]);
    expectNumbers("l2", await square.data(), [2, -3, 0]);
    expectNumbers("l1", await absolute.data(), [0.5, -0.5, 0]);
  });
});

describe("a regularizer without parameters", () => {
  test("adds nothing", () => {
    expect(cost(nn.relu(), l2(1))).toBeUndefined();
    expect(cost(network(), only(nn.relu(), l2(1)))).toBeUndefined();
    expect(cost(nn.batchNorm1d(3), l2(1))).toBeUndefined();
  });
});
