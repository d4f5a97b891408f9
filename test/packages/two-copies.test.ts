import { fileURLToPath } from "node:url";
import * as tidu from "tidu";
import { describe, expect, test } from "vitest";

// What is built is another copy than the sources, which tests get for "tidu".
const built = fileURLToPath(new URL("../../packages/tidu/dist/index.js", import.meta.url));
const other = (await import(built)) as typeof tidu;

const { ArgumentError, compile, concat, grad, loss, nn, tensor, Variable } = tidu;
const [own, foreign] = [tensor([1, 2]), other.tensor([3, 4])];
const matrix = (t: typeof tidu) =>
  t.tensor([
    [1, 2],
    [3, 4],
  ]);
const cases: Record<string, () => unknown> = {
  add: () => own.add(foreign),
  "add, the other way round": () => foreign.add(own),
  matmul: () => matrix(tidu).matmul(matrix(other)),
  concat: () => concat([own, foreign]),
  where: () => own.gt(0).where(foreign, own),
  "a loss": () => loss.mse(own, foreign),
  "a layer": () => nn.linear(2, 2).forward(matrix(other)),
  "a variable": () => new Variable(foreign),
  "an assignment": () => new Variable(own).assign(foreign),
  "a gradient": () => grad(other.tensor([1]).sum(), [own]),
  "a gradient by": () => grad(own.sum(), [foreign]),
  "a compiled function": () => compile((x: tidu.Tensor) => x.mul(2))(foreign),
  "a layer in a network": () => nn.sequential(other.nn.linear(2, 2)),
  "a network to train": () =>
    new tidu.Trainer(other.nn.linear(2, 2), { loss: loss.mse, optimizer: tidu.optim.sgd({ lr: 0.1 }) }),
  prediction: () => nn.linear(2, 2).predict(matrix(other)),
};

describe("what another copy of tidu has made is refused by name", () => {
  test.each(Object.entries(cases))("%s", async (_, act) => {
    const error = await Promise.resolve()
      .then(act)
      .then(
        (value) => value,
        (e: unknown) => e,
      );
    expect(error).toBeInstanceOf(Error);
    expect(error instanceof ArgumentError || error instanceof other.ArgumentError).toBe(true);
    expect(String(error)).toContain("another copy of tidu");
  });
});
