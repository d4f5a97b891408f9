import { describe, expect, test } from "vitest";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import { type Module, sequential } from "../../packages/tidu/src/nn/index.js";
import * as loss from "../../packages/tidu/src/nn/loss.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { grad } from "../../packages/tidu/src/tensor/grad.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { type GoldenTensor, loadGolden, type NetworkCase } from "../goldens/load.js";
import { makeOptimizer } from "../optim/support/make.js";
import { build, fill } from "./support/build.js";
import { expectClose, expectNumbers } from "./support/close.js";
import { onEveryDevice } from "./support/devices.js";

const { cases } = loadGolden("networks");

/** Samples of a golden batch. */
function rows({ data, shape }: GoldenTensor, which: readonly number[]): Tensor {
  const width = sizeOf(shape.slice(1));
  const picked = data.slice(0, which.length * width);
  which.forEach((row, i) => {
    picked.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return tensor(picked, [which.length, ...shape.slice(1)]);
}

const penaltyOf = ({ penalty }: NetworkCase, net: Module): Tensor | undefined => {
  if (penalty === undefined) return undefined;
  const weights = net.parameters().filter((p) => p.isWeight);
  const terms = weights.map((w) => w.abs().sum().mul(penalty.l1).add(w.square().sum().mul(penalty.l2)));
  return terms.reduce((sum, t) => sum.add(t));
};

function makeSteps(golden: NetworkCase, net: Module, compiled: boolean) {
  const optimizer = makeOptimizer(golden.optimizer);
  const cost = (x: Tensor, t: Tensor) => {
    // biome-ignore lint/suspicious/noExplicitAny: options are as various as the losses
    const data = (loss as any)[golden.loss.loss](net.forward(x), t, golden.loss.options) as Tensor;
    const penalty = penaltyOf(golden, net);
    return { data, penalty: penalty ?? tensor(0), total: penalty === undefined ? data : data.add(penalty) };
  };
  const body = (x: Tensor, t: Tensor) => {
    const { data, penalty, total } = cost(x, t);
    optimizer.minimize(total, net.parameters());
    return [data, penalty];
  };
  const step = compiled ? compile(body) : async (x: Tensor, t: Tensor) => body(x, t);
  return { step, gradients: compile((x: Tensor, t: Tensor) => grad(cost(x, t).total, net.parameters())) };
}

async function check(golden: NetworkCase, compiled: boolean): Promise<void> {
  const { inputs, targets, batches } = golden;
  const net = fill(sequential(...golden.architecture.map((l) => build(l.layer, l.options))), golden.initialState);
  const { step, gradients } = makeSteps(golden, net, compiled);

  const first = await gradients(rows(inputs, batches[0]), rows(targets, batches[0]));
  await fill(net, golden.initialState).state().values().next().value?.realize();
  for (const [i, name] of [...net.namedParameters().keys()].entries()) {
    await expectClose(`first gradient of ${name}`, first[i], golden.firstGradients[name]);
  }
  const losses: number[] = [];
  const penalties: number[] = [];
  for (const batch of batches) {
    const [data, penalty] = await step(rows(inputs, batch), rows(targets, batch));
    losses.push(await data.item());
    penalties.push(await penalty.item());
  }
  expectNumbers("losses", losses, golden.losses);
  if (golden.penalties !== undefined) expectNumbers("penalties", penalties, golden.penalties);
  const state = net.state();
  expect([...state.keys()]).toEqual(Object.keys(golden.finalState));
  // Steps add up what float32 rounds off.
  for (const [name, v] of state) await expectClose(`final ${name}`, v, golden.finalState[name], TRAINED);
  await expectClose("outputs", await net.predict(tensor(inputs.data, inputs.shape)), golden.finalOutputs, TRAINED);
}

const TRAINED = 2e-5;

onEveryDevice(() => {
  describe("trained networks are as PyTorch's", () => {
    for (const golden of cases) test(golden.name, () => check(golden, true));
  });
  describe("and those trained by hand", () => {
    for (const golden of cases) test(golden.name, () => check(golden, false));
  });
});
