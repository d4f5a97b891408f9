// Runs, reads and writes take effect in the order of the calls, whether or not anybody waits in between.
import { expect, test } from "vitest";
import { compile, ones, type Tensor, tensor, Variable } from "../../../packages/tidu/src/index.js";

test("a value is read as soon as it is asked for, by programs that are new and by known ones", async () => {
  for (let i = 0; i < 3; i++) {
    expect(
      await tensor([2 + i, 3])
        .add(1)
        .array(),
    ).toEqual([3 + i, 4]);
    expect(
      await ones([1, 2])
        .matmul(tensor([[2], [3 + i]]))
        .array(),
    ).toEqual([[5 + i]]);
  }
});

test("reads between steps that nobody waits for see the steps before them only", async () => {
  const v = new Variable(tensor([1]));
  const step = compile((x: Tensor) => {
    v.assign(v.mul(2).add(x));
    return v.sum();
  });
  const seen: Promise<unknown>[] = [];
  for (let i = 0; i < 4; i++) {
    void step(tensor([i]));
    seen.push(v.array());
  }
  expect(await Promise.all(seen)).toEqual([[2], [5], [12], [27]]);
});

test("an assignment after a read that is on its way does not change what was read", async () => {
  const v = new Variable(tensor([7, 8]));
  const before = v.add(0).array();
  v.assign(tensor([1, 2]));
  expect(await v.array()).toEqual([1, 2]);
  expect(await before).toEqual([7, 8]);
});
