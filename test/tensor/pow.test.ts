import { expect, test } from "vitest";
import { compile, grad, tensor, Variable } from "../../packages/tidu/src/index.js";
import { loadGolden, type PowerCase } from "../goldens/load.js";

const SPECIAL = { inf: Infinity, "-inf": -Infinity, nan: Number.NaN } as const;
const column = (cases: readonly PowerCase[], name: Exclude<keyof PowerCase, "name">): number[] =>
  cases.map((c) => {
    const v = c[name];
    return typeof v === "number" ? v : SPECIAL[v];
  });

const close = (got: number, want: number): boolean =>
  Object.is(got, want) || got === want || Math.abs(got - want) <= 1e-6 * Math.abs(want);

test("powers at their edges, and both derivatives, are PyTorch's", async () => {
  const { cases } = loadGolden("powers");
  const [x, p] = [column(cases, "base"), column(cases, "exponent")].map((v) => new Variable(tensor(v)));
  const y = x.pow(p);
  const [byBase, byExponent] = grad(y.sum(), [x, p]);
  const [byBaseTwice] = grad(byBase.sum(), [x]);
  const results = { value: y, byBase, byExponent, byBaseTwice };
  const wrong: string[] = [];
  for (const [name, result] of Object.entries(results)) {
    const want = column(cases, name as keyof typeof results);
    const got = await result.data();
    cases.forEach(
      (c, i) => void (close(got[i], want[i]) || wrong.push(`${name} of ${c.name}: ${got[i]}, not ${want[i]}`)),
    );
  }
  expect(wrong).toEqual([]);
});

test("a constant exponent has the same derivatives as a tensor of exponents", async () => {
  for (const exponent of [0, 1, 2, 3]) {
    const x = new Variable(tensor([0, 1, -2]));
    const derivatives = compile(() => {
      const [once] = grad(x.pow(exponent).sum(), [x]);
      return [once, grad(once.sum(), [x])[0]];
    });
    const [once, twice] = await derivatives();
    const at = [0, 1, -2];
    expect(await once.array()).toEqual(at.map((v) => (exponent === 0 ? 0 : exponent * v ** (exponent - 1))));
    expect(await twice.array()).toEqual(
      at.map((v) => (exponent < 2 ? 0 : exponent * (exponent - 1) * v ** (exponent - 2))),
    );
  }
});

test("derivatives of a constant whole power end in 0, at 0 too", async () => {
  for (const exponent of [0, 1, 2, 3]) {
    const x = new Variable(tensor([0, 1, -2]));
    let y = x.pow(exponent);
    for (let order = 0; order <= exponent + 1; order++) y = grad(y.sum(), [x])[0];
    expect(await y.array()).toEqual([0, 0, 0]);
  }
});
