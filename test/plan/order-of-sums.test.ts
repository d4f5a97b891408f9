// The order in which a contraction adds up is the same on every machine, whether it fuses products or not.
import fc from "fast-check";
import { compile, grad, Variable, zeros } from "tidu";
import { conv2d } from "tidu/nn";
import { afterEach, expect, test } from "vitest";
import { batchTensors, build } from "../../bench/systems/tidu/network.mjs";
import { workload, workloadNames } from "../../bench/workloads.mjs";
import { wasmRegisters } from "../../packages/tidu/src/codegen/wasm/registers.js";
import type { Affine, Buffer, ContractKernel, Kernel } from "../../packages/tidu/src/compile/kernel.js";
import type { Stages } from "../../packages/tidu/src/compile/program.js";
import { CHAIN, type Chains, chainsOf, GROUP, mergedAround } from "../../packages/tidu/src/plan/chains.js";
import { planContraction } from "../../packages/tidu/src/plan/contraction.js";
import type { Registers } from "../../packages/tidu/src/plan/registers.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";

afterEach(() => void setDevice(new WasmDevice()));

/** Machines of all kinds: WebAssembly's registers, and those of AVX2, AVX-512 and ARM. */
const MACHINES: readonly Registers[] = [
  wasmRegisters(true),
  wasmRegisters(false),
  { lanes: 8, accumulators: 12, unroll: 4, fused: true },
  { lanes: 16, accumulators: 24, unroll: 4, fused: true },
  { lanes: 16, accumulators: 24, unroll: 4, fused: true, block: 512 * 1024 },
  { lanes: 4, accumulators: 24, unroll: 4, fused: true },
];

/** All of a contraction's plan that its order of summation depends on. */
function orderOf(kernel: ContractKernel, registers: Registers) {
  const { blocks, tile } = planContraction(kernel, registers) ?? {};
  if (blocks !== undefined) return { blocks: blocks.blocks, inner: blocks.inner };
  const { form, summed, lanes, parts } = tile ?? {};
  return { form, parts, summed, lanes: form === "dot" ? lanes : undefined };
}

function checkOrder(kernels: readonly Kernel[]): number {
  const contractions = kernels.filter((k) => k.kind === "contract");
  for (const kernel of contractions) {
    const [first, ...others] = MACHINES.map((machine) => orderOf(kernel, machine));
    for (const order of others) expect(order).toEqual(first);
  }
  return contractions.length;
}

test.each(workloadNames)("on machines of all kinds %s adds up in the same order", async (name) => {
  const device = new NullDevice();
  setDevice(device);
  const work = workload(name);
  const { x, t } = await batchTensors(work);
  build(work).step.prepare(x, t);
  const { program } = device.programs.at(-1) as Stages;
  expect(checkOrder(program.kernels)).toBeGreaterThan(3);
});

const SIZES = [1, 2, 3, 4, 5, 8, 10, 16, 25, 33, 64, 100, 128, 257, 576, 784, 1024, 4096];
const AXES = ["b", "m", "n", "q", "k", "l"] as const;
type Name = (typeof AXES)[number];

/** Sums over k and l of products of two operands that lie in memory in any order. */
const contractions = fc
  .tuple(
    fc.tuple(...AXES.map(() => fc.constantFrom(...SIZES))),
    ...(["bmkl", "bklnq", "bmnq"] as const).map((names) =>
      fc.shuffledSubarray([...names] as Name[], { minLength: names.length }),
    ),
  )
  .map(([sizes, ...orders]): ContractKernel => {
    const sizeOf = (name: Name) => sizes[AXES.indexOf(name)];
    const [a, b, c] = orders.map((order): Affine => {
      const coef = AXES.map((name) =>
        order.includes(name) ? order.slice(order.indexOf(name) + 1).reduce((n, o) => n * sizeOf(o), 1) : 0,
      );
      return { offset: 0, coef };
    });
    const buffer = { id: 0, name: "", shape: [], dtype: "f32", strides: [] } as unknown as Buffer;
    return {
      kind: "contract",
      name: "product",
      sizes,
      outer: 4,
      a: { buffer, index: a, inside: [] },
      b: { buffer, index: b, inside: [] },
      stores: [{ buffer, index: c, guards: [], value: { kind: "core" } }],
    };
  });

test("so do contractions of all shapes, in any order in memory", () => {
  fc.assert(
    fc.property(contractions, (kernel) => void checkOrder([kernel])),
    { numRuns: 2000 },
  );
});

test("so do convolutions with padding, groups and strides, and their gradients", async () => {
  const device = new NullDevice();
  setDevice(device);
  let contractions = 0;
  const sizes = fc.record({
    batch: fc.constantFrom(1, 4, 8, 16, 33, 128),
    groups: fc.constantFrom(1, 1, 2, 4, 8),
    ins: fc.integer({ min: 1, max: 4 }),
    outs: fc.integer({ min: 1, max: 4 }),
    size: fc.integer({ min: 4, max: 12 }),
    kernel: fc.integer({ min: 1, max: 7 }),
    stride: fc.constantFrom(1, 1, 2, 3),
    padding: fc.integer({ min: 0, max: 3 }),
  });
  const property = fc.asyncProperty(sizes, async ({ batch, groups, ins, outs, size, kernel, stride, padding }) => {
    fc.pre(kernel <= size && padding < kernel);
    const layer = conv2d(ins * groups, outs * groups, kernel, { groups, stride, padding });
    const images = new Variable(zeros([batch, ins * groups, size, size]));
    compile(() => {
      const cost = layer.forward(images).square().sum();
      for (const [i, gradient] of grad(cost, [layer.weight, images]).entries())
        [layer.weight, images][i].assign(gradient);
    }).prepare();
    contractions += checkOrder((device.programs.at(-1) as Stages).program.kernels);
  });
  await fc.assert(property, { numRuns: 150 });
  expect(contractions).toBeGreaterThan(300);
});

test("chains are as long as fixed numbers say, whatever loops they are cut from", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(sizes, (loops) => {
      const { loop, steps, count } = chainsOf(
        loops.map((size) => ({ size })),
        false,
      );
      const terms = loops.reduce((n, s) => n * s, 1);
      if (count === 1) return void expect(terms).toBeLessThanOrEqual(CHAIN);
      const inner = loops.slice(loop + 1).reduce((n, s) => n * s, 1);
      expect(steps * inner).toBeLessThanOrEqual(CHAIN);
      expect(count * steps * inner).toBeGreaterThanOrEqual(terms);
      // No shorter than they have to be: another step, or all of the next loop, would not fit.
      expect((steps + 4) * inner).toBeGreaterThan(CHAIN);
    }),
  );
  expect([CHAIN, GROUP]).toEqual([64, 16]);
});

/** Numbers of the terms with which chains begin, when loops are walked in order. */
function beginnings(sizes: readonly number[], { loop, steps }: Chains): number[] {
  const total = sizes.reduce((n, s) => n * s, 1);
  const inner = loop < 0 ? total : sizes.slice(loop + 1).reduce((n, s) => n * s, 1);
  const isFirst = (term: number) => term % inner === 0 && ((term / inner) % sizes[loop]) % steps === 0;
  return Array.from({ length: total }, (_, term) => term).filter((term) => (loop < 0 ? term === 0 : isFirst(term)));
}

test("chains begin with the same terms whether operands are copied together or read in place", () => {
  const sizes = fc.array(fc.constantFrom(1, 2, 3, 5, 7, 9, 16, 25, 31, 48, 64), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(sizes, (list) => {
      const loops = list.map((size) => ({ size }));
      const merged = mergedAround(loops);
      expect(beginnings(merged.sizes, merged.chains)).toEqual(beginnings(list, chainsOf(loops, false)));
    }),
    { numRuns: 200 },
  );
});
