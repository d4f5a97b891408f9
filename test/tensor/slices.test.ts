// Gradients of slices of one value: where they lie beside each other, overlap, leave gaps, or cut along several axes.
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { printProgram } from "../../packages/tidu/src/compile/print.js";
import { compile, grad, setDevice, type Tensor, tensor, Variable, WasmDevice } from "../../packages/tidu/src/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";

interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
}
const SHAPE = [6, 7];
const cut = fc.tuple(fc.constantFrom(0, 1), fc.nat(6), fc.nat(6)).map(([axis, a, b]): Cut => {
  const [low, high] = [Math.min(a, b), Math.max(a, b)].map((i) => Math.min(i, SHAPE[axis] - 1));
  return { axis, start: low, end: high + 1 };
});

/** Each element's gradient is the sum of the factors of the slices that it lies in. */
const expected = (cuts: readonly Cut[]): number[][] =>
  Array.from({ length: SHAPE[0] }, (_, r) =>
    Array.from({ length: SHAPE[1] }, (_, c) =>
      cuts.reduce((sum, { axis, start, end }, k) => {
        const place = axis === 0 ? r : c;
        return place >= start && place < end ? sum + k + 1 : sum;
      }, 0),
    ),
  );

const cost = (x: Tensor, cuts: readonly Cut[]): Tensor =>
  cuts
    .map(({ axis, start, end }, k) =>
      x
        .slice(axis, start, end)
        .mul(k + 1)
        .sum(),
    )
    .reduce((a, b) => a.add(b));

afterEach(() => setDevice(undefined));

describe.each([
  ["the reference device", () => new ReferenceDevice()],
  ["WebAssembly", () => new WasmDevice({ threads: 1 })],
])("on %s", (_, make) => {
  test("any slices have the gradient that they should", async () => {
    const device = make();
    setDevice(device);
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 7 }), async (cuts) => {
        const x = new Variable(tensor(Array.from({ length: 6 }, (_, r) => Array.from({ length: 7 }, (_, c) => r - c))));
        const [dx] = grad(cost(x, cuts), [x]);
        expect(await dx.array()).toEqual(expected(cuts));
        const compiled = compile(() => grad(cost(x, cuts), [x])[0]);
        expect(await (await compiled()).array()).toEqual(expected(cuts));
      }),
      { numRuns: 60 },
    );
  });
});

test("no kernel grows with the number of slices", async () => {
  const longest = async (count: number): Promise<number> => {
    const device = new NullDevice();
    setDevice(device);
    const x = new Variable(tensor(new Float32Array(8 * count)).reshape([count, 8]));
    const w = tensor(new Float32Array(64)).reshape([8, 8]);
    const learn = compile(() => {
      let h = x.slice(0, 0, 1);
      for (let t = 1; t < count; t++) h = h.matmul(w).add(x.slice(0, t, t + 1));
      return grad(h.sum(), [x])[0];
    });
    await learn();
    const lines = device.programs.flatMap(({ program }) => printProgram(program).split("\n"));
    return Math.max(...lines.map((line) => line.length));
  };
  expect(await longest(40)).toBeLessThan((await longest(10)) + 40);
});
