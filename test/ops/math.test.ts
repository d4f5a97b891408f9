import { expect, test } from "vitest";
import type { ElementwiseOp } from "../../packages/tidu/src/graph/node.js";
import { makeStorage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { runOn } from "../support/compare.js";
import { bits, float, scalarMachine } from "../support/scalar-machine.js";

const { exp, expm1, log, log1p, sigmoid, softplus, tanh, erf, sin, cos } = ops.elementwise;

/** Every 9973rd float, in an order in which large and small ones meet in one vector; and some at borders. */
function floats(): Float32Array {
  const patterns = Array.from({ length: 430_000 }, (_, i) => Math.imul(i, 9973 * 65537) | 0);
  const borders = [
    0,
    -0,
    12799.999,
    12800,
    -12800,
    1e6,
    2 ** 22,
    3.4028234e38,
    Infinity,
    -Infinity,
    NaN,
    88.72284,
    -104,
  ];
  return Float32Array.from([...borders, ...patterns.map(float)]);
}

test.each([exp, expm1, log, log1p, sigmoid, softplus, tanh, erf, sin, cos].map((op) => [op.name, op] as const))(
  "%s on the device has the bits that its instructions have in plain JavaScript",
  async (_, op: ElementwiseOp) => {
    const device = new WasmDevice({ threads: 1, portable: true });
    const x = floats();
    const from = makeStorage([x.length], "f32");
    const to = makeStorage([x.length], "f32");
    const updates = [{ storage: to, value: ops.apply(op, ops.fromStorage(from)) }];
    const [got] = await runOn(device, { updates, contents: new Map([[from, x]]) });
    const wrong: string[] = [];
    for (let i = 0; i < x.length; i++) {
      const want = float(op.lower(scalarMachine, bits(x[i])));
      if (!Object.is(got[i], want)) wrong.push(`${x[i]}: ${got[i]}, not ${want}`);
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  },
);
