// Long sums: every form that a kernel of sums has, over terms of one sign, is off by less than a millionth.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { affineMap } from "../../packages/tidu/src/base/affine.js";
import { sizeOf } from "../../packages/tidu/src/base/shape.js";
import type { Observer, Program } from "../../packages/tidu/src/compile/program.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { gradient } from "../../packages/tidu/src/grad/reverse.js";
import { meaningOf, type NDArray } from "../../packages/tidu/src/graph/meaning.js";
import { makeStorage, type Node, type Storage, topologicalOrder } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { windows } from "../../packages/tidu/src/nn/windows.js";
import { planContraction } from "../../packages/tidu/src/plan/contraction.js";
import { FORM_REGISTERS } from "../../packages/tidu/src/plan/registers.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { Tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { checkSame, runOn } from "../support/compare.js";

/** Forms of the kernels of sums that have run so far. */
const forms = new Set<string>();
const verify = verifier();
const observe: Observer = (pass, product) => {
  verify(pass, product);
  if (pass !== "program") return;
  for (const kernel of (product as Program).kernels) {
    if (kernel.kind === "reduce") forms.add(kernel.sizes.length > kernel.outer ? "reduce" : "");
    if (kernel.name.endsWith(".products")) forms.add("winograd");
    if (kernel.stores[0].accumulate !== undefined) forms.add("added up in memory");
    if (kernel.kind !== "contract") continue;
    const { blocks, tile } = planContraction(kernel, FORM_REGISTERS) ?? {};
    if (blocks !== undefined)
      forms.add(
        `blocks of ${blocks.packRows ? "copied" : "given"} rows, ${blocks.blocks.length > 0 ? "several" : "one"}`,
      );
    else forms.add(tile?.form ?? "no vectors");
    if (kernel.stores[0].value.kind !== "core") forms.add("epilogue");
    if (tile?.summed.some((l) => l.bounds !== undefined)) forms.add("bounds");
  }
};

const one = new WasmDevice({ observe, threads: 1 });
const two = new WasmDevice({ observe, threads: 2 });
const portable = new WasmDevice({ observe, threads: 2, portable: true });
beforeAll(() => Promise.all([two.ready(), portable.ready()]));
afterAll(() => Promise.all([one.close(), two.close(), portable.close()]));

type Fill = (i: number) => number;
/** Equal terms are the hardest: each rounding goes the same way. 0.7103 is among the worst for chains of any length. */
const FILLS: Record<string, Fill> = {
  ones: () => 1,
  tenths: () => 0.1,
  thirds: () => 1 / 3,
  "equal numbers": () => 0.7103,
  "uniform numbers": (i) => ((Math.imul(i + 1, 2654435761) >>> 8) % 65536) / 65536 + 1e-4,
};

/** Sums of `terms` numbers, each of `x` and times one. */
interface Sums {
  readonly value: Node;
  /** Left out where it is not the same for all sums. */
  readonly terms?: number;
  /** Whether a quarter of the products will do: sums of whole numbers are then not exact. */
  readonly winograd?: boolean;
}

class Leaves {
  readonly contents = new Map<Storage, Float32Array>();
  constructor(readonly fill: Fill) {}
  of(shape: readonly number[], fill: Fill): Tensor {
    const storage = makeStorage(shape, "f32");
    const data = new Float32Array(sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = fill(i);
    this.contents.set(storage, data);
    return new Tensor(ops.fromStorage(storage));
  }
  x = (...shape: number[]): Tensor => this.of(shape, this.fill);
  ones = (...shape: number[]): Tensor => this.of(shape, () => 1);
}

const product = (a: Tensor, b: Tensor, k: number): Sums => ({ value: a.matmul(b).node, terms: k });
const turned = (x: Tensor): Tensor => x.permute([1, 0]);
const derivative = (y: Tensor, of: Tensor): Node => gradient(y.sum().node, [of.node])[0];

function convolution(l: Leaves, { n, channels, filters, size, taps, padding }: Record<string, number>) {
  const x = turnedBatch(l.x(channels, size, size, n));
  const w = l.ones(filters, channels, taps, taps);
  const seen = windows(x, [taps, taps], { stride: [1, 1], padding: [padding, padding], dilation: [1, 1] });
  const labels = { a: ["n", "c", "h", "w", "i", "j"], b: ["f", "c", "i", "j"], out: ["n", "f", "h", "w"] };
  const y = new Tensor(ops.contract(seen.node, w.node, labels));
  return { x, w, y, out: size + 2 * padding - taps + 1 };
}
const turnedBatch = (x: Tensor): Tensor => x.permute([3, 0, 1, 2]);

const SUMS: Record<string, (l: Leaves) => Sums> = {
  "rows by columns": (l) => product(l.x(3, 20000), l.ones(20000, 9), 20000),
  "a few long dot products": (l) => product(l.x(2, 20003), turned(l.ones(3, 20003)), 20003),
  "one long dot product": (l) => product(l.x(1, 100001), l.ones(100001, 1), 100001),
  "blocks of copied rows": (l) => product(turned(l.x(4096, 70)), l.ones(4096, 72), 4096),
  "blocks of rows as they are": (l) => product(l.x(70, 4096), l.ones(4096, 72), 4096),
  "rows that lie pages apart": (l) => product(turned(l.x(600, 1100)), l.ones(600, 72), 600),
  "one block of copied rows": (l) => product(turned(l.x(600, 70)), l.ones(600, 72), 600),
  "one deep block, which no number divides": (l) => product(l.x(70, 3001), l.ones(3001, 72), 3001),
  "blocks of few terms": (l) => product(l.x(96, 16 * 701), l.ones(16 * 701, 96), 16 * 701),
  "operands that are apart in memory": (l) => ({
    value: l
      .x(1, 60000)
      .slice(1, 0, 60000, 2)
      .matmul(l.ones(30000, 3).slice(1, 1, 2)).node,
    terms: 30000,
  }),
  "an epilogue": (l) => ({
    value: l.x(17, 20000).matmul(l.ones(20000, 17)).add(l.x(17).mul(0)).relu().node,
    terms: 20000,
  }),
  "the first axis": (l) => ({ value: l.x(30000, 6).sum([0]).node, terms: 30000 }),
  "the last axis": (l) => ({ value: l.x(3, 30001).sum([1]).node, terms: 30001 }),
  "axes around another": (l) => ({ value: l.x(3000, 5, 7).sum([0, 2]).node, terms: 21000 }),
  everything: (l) => ({ value: l.x(1_000_003).sum().node, terms: 1_000_003 }),
  "two columns": (l) => ({ value: l.x(300_007, 2).sum([0]).node, terms: 300_007 }),
  "what is computed on the way": (l) => ({
    value: l.x(30000, 3).mul(l.ones(30000, 1)).abs().sum([0]).node,
    terms: 30000,
  }),
  "the gradient of a layer's weight": (l) => {
    const w = l.ones(5, 8);
    return { value: derivative(l.x(20000, 8).matmul(turned(w)), w), terms: 20000 };
  },
  "the gradient of a bias": (l) => {
    const b = l.ones(8);
    return { value: derivative(l.x(20000, 8).mul(b), b), terms: 20000 };
  },
  "a 3x3 convolution": (l) => {
    const { y } = convolution(l, { n: 16, channels: 600, filters: 24, size: 6, taps: 3, padding: 0 });
    return { value: y.node, terms: 5400, winograd: true };
  },
  "its weight's gradient": (l) => {
    const { y, w, out } = convolution(l, { n: 64, channels: 24, filters: 24, size: 12, taps: 3, padding: 0 });
    return { value: derivative(y, w), terms: 64 * out * out, winograd: true };
  },
  "a 5x5 convolution": (l) => {
    const { y } = convolution(l, { n: 8, channels: 300, filters: 6, size: 7, taps: 5, padding: 0 });
    return { value: y.node, terms: 7500 };
  },
  "windows that leave the image": (l) => {
    const [dy, w] = [turnedBatch(l.x(100, 10, 10, 8)), l.ones(100, 6, 5, 5)];
    const seen = windows(dy, [5, 5], { stride: [1, 1], padding: [4, 4], dilation: [1, 1] });
    const labels = { a: ["n", "f", "h", "w", "i", "j"], b: ["f", "c", "i", "j"], out: ["n", "c", "h", "w"] };
    return { value: ops.contract(seen.node, w.node, labels) };
  },
  "its weight's gradient, too": (l) => {
    const { y, w, out } = convolution(l, { n: 32, channels: 4, filters: 6, size: 20, taps: 5, padding: 0 });
    return { value: derivative(y, w), terms: 32 * out * out };
  },
  "windows that overlap": (l) => {
    const map = affineMap([900, 800], [2598], () => ({
      terms: [
        [0, 2],
        [1, 1],
      ],
    }));
    return { value: ops.unview(l.x(900, 800).node, map) };
  },
  "windows of images that overlap": (l) => {
    const map = affineMap([2, 24, 24, 32, 32], [2, 78, 78], (axis) => ({
      terms:
        axis === 0
          ? [[0, 1]]
          : [
              [axis, 2],
              [axis + 2, 1],
            ],
    }));
    return { value: ops.unview(l.x(2, 24, 24, 32, 32).node, map) };
  },
  "rows that are the same": (l) => {
    const rows = ops.full(0, [30000], "i32");
    return { value: ops.scatter(l.x(30000, 5).node, rows, { axis: 0, size: 1 }), terms: 30000 };
  },
};

/** What a graph comes to in float64. */
function inFloat64(root: Node, contents: ReadonlyMap<Storage, Float32Array>): Float64Array {
  const known = new Map<Node, NDArray>();
  for (const node of topologicalOrder([root])) {
    const stored = ops.isStorage(node) ? contents.get(node.attrs) : undefined;
    known.set(
      node,
      stored === undefined
        ? meaningOf(
            node,
            node.inputs.map((x) => known.get(x) as NDArray),
          )
        : { shape: node.shape, data: Float64Array.from(stored) },
    );
  }
  return (known.get(root) as NDArray).data;
}

describe.each(Object.keys(SUMS))("sums of %s", (name) => {
  let counted: Float64Array | undefined;
  /** How many terms each sum has: what ones come to. */
  const counts = (): Float64Array => {
    const leaves = new Leaves(FILLS.ones);
    counted ??= inFloat64(SUMS[name](leaves).value, leaves.contents);
    return counted;
  };

  test.each(Object.keys(FILLS))("of %s", async (kind) => {
    const fill = FILLS[kind];
    const leaves = new Leaves(fill);
    const { value, terms, winograd } = SUMS[name](leaves);
    const updates = [{ storage: makeStorage(value.shape, "f32"), value }];
    const program = { updates, contents: leaves.contents };
    // Of equal terms, each is the first.
    const [want, times] =
      kind === "uniform numbers" ? [inFloat64(value, leaves.contents), 1] : [terms ?? counts(), Math.fround(fill(0))];
    const most = kind === "ones" && winograd === undefined ? 0 : 1e-6;
    const error = ([got]: readonly ArrayLike<number>[]): number => {
      let worst = 0;
      for (let i = 0; i < got.length; i++) {
        const exact = times * (typeof want === "number" ? want : want[i]);
        worst = Math.max(worst, Math.abs(got[i] - exact) / exact);
      }
      return worst;
    };
    const first = await runOn(one, program);
    expect(error(first)).toBeLessThanOrEqual(most);
    checkSame(await runOn(two, program), first);
    expect(error(await runOn(portable, program))).toBeLessThanOrEqual(most);
  });
});

test("these are all forms that kernels of sums have", () => {
  expect([...forms].sort()).toEqual([
    "added up in memory",
    "blocks of copied rows, one",
    "blocks of copied rows, several",
    "blocks of given rows, one",
    "blocks of given rows, several",
    "bounds",
    "dot",
    "epilogue",
    "no vectors",
    "outer",
    "reduce",
    "winograd",
  ]);
});

test("an infinite term makes a sum in memory infinite", async () => {
  const leaves = new Leaves((i) => (i === 777 ? Number.POSITIVE_INFINITY : i));
  const value = ops.scatter(leaves.x(1000, 1).node, ops.full(0, [1000], "i32"), { axis: 0, size: 1 });
  const updates = [{ storage: makeStorage(value.shape, "f32"), value }];
  expect((await runOn(one, { updates, contents: leaves.contents }))[0][0]).toBe(Number.POSITIVE_INFINITY);
});
