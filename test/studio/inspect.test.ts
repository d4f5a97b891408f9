import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { device, setDevice, tensor, WasmDevice } from "../../packages/tidu/src/index.js";
import { type Inspection, inspect } from "../../studio/src/engine/inspect.js";
import { type LayerSpec, newLayer } from "../../studio/src/engine/layers.js";
import { makeLayer } from "../../studio/src/engine/network.js";

const before = device();
beforeAll(() => setDevice(new WasmDevice({ portable: true, threads: 1 })));
afterAll(() => setDevice(before));

/** What the numbers of an inspection come to. */
function come(of: Inspection): number {
  const sum = ({ terms, bias }: { terms: readonly { input: number; weight: number }[]; bias: number }) =>
    terms.reduce((total, { input, weight }) => total + input * weight, bias);
  switch (of.form) {
    case "sum":
      return sum(of);
    case "maxout":
      return Math.max(...of.pieces.map(sum));
    case "max":
      return Math.max(...of.inputs);
    case "mean":
      return of.inputs.reduce((total, v) => total + v, 0) / of.inputs.length;
    case "softmax":
      return Math.exp(of.input) / of.all.reduce((total, v) => total + Math.exp(v), 0);
    case "function":
      return { relu: Math.max(0, of.input), tanh: Math.tanh(of.input) }[of.kind as "relu"];
    case "value":
      return of.output;
  }
}

const layers: readonly (readonly [LayerSpec, shape: readonly number[]])[] = [
  [newLayer("linear", { units: 5 }), [7]],
  [newLayer("maxout", { units: 3, pieces: 3 }), [4]],
  [newLayer("conv2d", { channels: 4, kernel: 3, stride: 2, padding: 1 }), [2, 9, 9]],
  [newLayer("conv2d", { channels: 6, kernel: 3, dilation: 2, groups: 2 }), [4, 9, 9]],
  [newLayer("conv1d", { channels: 4, kernel: 3, stride: 2, padding: 2, groups: 2 }), [2, 9]],
  [newLayer("maxPool2d", { kernel: 3, stride: 2, padding: 1 }), [2, 7, 7]],
  [newLayer("avgPool2d", { kernel: 2, stride: 1 }), [2, 5, 5]],
  [newLayer("relu"), [6]],
  [newLayer("tanh"), [2, 3, 3]],
  [newLayer("softmax"), [5]],
];

describe.each(layers)("%j", (spec, shape) => {
  test("its formula comes to what the engine gives, for every unit and cell", async () => {
    const size = shape.reduce((n, d) => n * d, 1);
    const values = Float32Array.from({ length: size }, (_, i) => Math.sin(3 * i + 1));
    const layer = makeLayer(spec, shape);
    layer.initialize(3);
    const out = layer.during(false, () => layer.forward(tensor(values.slice(), [1, ...shape])));
    const output = { shape: out.shape.slice(1), values: await out.data() };
    const [units, ...sides] = output.shape;
    const [rows, columns] = [1, 1, ...sides].slice(-2);
    for (let unit = 0; unit < units; unit++) {
      for (let cell = 0; cell < rows * columns; cell++) {
        const at = { layer: 0, unit, cell: [Math.floor(cell / columns), cell % columns] as const };
        const found = await inspect(at, spec, layer, { shape, values }, output);
        if (found === undefined) throw new Error("there is no such unit");
        expect(found.output).toBe(output.values[unit * rows * columns + cell]);
        expect(come(found)).toBeCloseTo(found.output, 4);
      }
    }
    expect(await inspect({ layer: 0, unit: units }, spec, layer, { shape, values }, output)).toBeUndefined();
  });
});
