import { beforeEach, describe, expect, test } from "vitest";
import type { Kernel } from "../../packages/tidu/src/compile/kernel.js";
import { compileProgram, type Program, type Stages } from "../../packages/tidu/src/compile/program.js";
import { verifier } from "../../packages/tidu/src/compile/verify/index.js";
import { guardedReach, isInjective } from "../../packages/tidu/src/compile/verify/kernel.js";
import { makeNode, makeStorage } from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { Tensor } from "../../packages/tidu/src/tensor/tensor.js";

/** The compiler's work with one thing changed. */
type Damage = { [K in keyof Stages]?: (good: Stages[K]) => Stages[K] };

describe("the verifier", () => {
  let stages: Stages;

  beforeEach(() => {
    const [x, w] = [makeStorage([6, 20], "f32"), makeStorage([20, 5], "f32")];
    const hidden = new Tensor(ops.fromStorage(x))
      .exp()
      .matmul(new Tensor(ops.fromStorage(w)))
      .pad([
        [0, 0],
        [1, 1],
      ]);
    const y = hidden.softmax().sub(hidden.sum(1, true));
    stages = compileProgram([
      { storage: makeStorage(y.shape, "f32"), value: y.node },
      { storage: w, value: new Tensor(ops.fromStorage(w)).mul(2).node },
    ]);
  });

  const check = (damage: Damage): (() => void) => {
    const observe = verifier();
    return () => {
      for (const pass of Object.keys(stages) as (keyof Stages)[]) {
        const change = damage[pass] as ((good: unknown) => Stages[keyof Stages]) | undefined;
        observe(pass, change === undefined ? stages[pass] : change(stages[pass]));
      }
    };
  };
  const inProgram = (change: (kernels: Kernel[]) => Kernel[]): Damage => ({
    program: (good: Program) => ({ ...good, kernels: change([...good.kernels]) }),
  });

  test("finds nothing wrong with what the compiler makes", () => {
    expect(check({})).not.toThrow();
  });

  test("finds a node whose type is not the one that its inputs make", () => {
    const wrong = { ...ops.apply(ops.elementwise.neg, ops.full(1, [3])), shape: [4] };
    expect(check({ simplified: () => [wrong] })).toThrow(
      /after simplify: .*neg is f32\[4\], its inputs make it f32\[3\]/,
    );
  });

  test("finds a cycle", () => {
    const node = { ...makeNode(ops.elementwise.neg, [ops.full(1, [3])], undefined) };
    expect(
      check({ settled: () => [{ ...node, inputs: [{ ...node, id: node.id + 1, inputs: [ops.full(1, [3])] }] }] }),
    ).toThrow(/older than its input/);
  });

  test("finds tasks in the wrong order, and values that no task makes", () => {
    expect(check({ plan: (good) => ({ ...good, tasks: [...good.tasks].reverse() }) })).toThrow(
      /comes before .*, which it reads/,
    );
    expect(check({ plan: (good) => ({ ...good, tasks: good.tasks.slice(1) }) })).toThrow();
  });

  test("finds a task that would have to compute two contractions", () => {
    const damage: Damage = { plan: (good) => ({ ...good, tasks: good.tasks.map(({ root }) => ({ root })) }) };
    expect(check(damage)).toThrow(/neither stored nor the kernel's core/);
  });

  test("finds a storage that is read after it was overwritten", () => {
    const target = (s: Stages["steps"][number]) => (s.target?.shape[0] === 20 ? 0 : 1);
    expect(check({ steps: (good) => [...good].sort((p, q) => target(p) - target(q)) })).toThrow(
      /after it was overwritten/,
    );
  });

  test("finds layouts in which elements share a place", () => {
    expect(check({ layouts: (good) => new Map([...good].map(([node, s]) => [node, s.map(() => 1)])) })).toThrow(
      /has strides/,
    );
  });

  test("finds reads and writes outside their buffers", () => {
    const shifted = inProgram((kernels) =>
      kernels.map((k) => ({ ...k, stores: k.stores.map((s) => ({ ...s, index: { ...s.index, offset: 1 } })) })),
    );
    expect(check(shifted)).toThrow(/writes .* at 1 to/);
    const operand = inProgram((kernels) =>
      kernels.map((k) => (k.kind === "contract" ? { ...k, a: { ...k.a, index: { ...k.a.index, offset: -1 } } } : k)),
    );
    expect(check(operand)).toThrow(/multiplies .* at -1 to/);
  });

  test("finds kernels that do not write all of their result, or some of it twice", () => {
    const smaller = inProgram((kernels) =>
      kernels.map((k) => ({ ...k, sizes: k.sizes.map((s) => Math.max(1, s - 1)) })),
    );
    expect(check(smaller)).toThrow(/exactly once/);
  });

  test("finds values that are read before they are made", () => {
    expect(check(inProgram((kernels) => kernels.reverse()))).toThrow(/before anything is written there/);
  });

  test("finds values that share memory while both are needed", () => {
    for (const buffer of stages.program.buffers) if (buffer.storage === undefined) buffer.offset = 0;
    expect(check({})).toThrow(/share memory/);
  });
});

describe("the reach of an affine integer", () => {
  test("honors guards, alone and together", () => {
    const index = { offset: 0, coef: [10, 1] };
    expect(guardedReach(index, [], [3, 5])).toEqual([0, 24]);
    expect(guardedReach(index, [{ index: { offset: -1, coef: [1, 0] }, size: 1 }], [3, 5])).toEqual([10, 14]);
    // i0 + i1 must be 2, 3 or 4.
    expect(guardedReach(index, [{ index: { offset: -2, coef: [1, 1] }, size: 3 }], [3, 5])).toEqual([2, 22]);
    expect(guardedReach(index, [{ index: { offset: 9, coef: [1, 1] }, size: 3 }], [3, 5])).toBeUndefined();
  });

  test("tells whether different loop values can meet", () => {
    expect(isInjective({ offset: 3, coef: [5, 1] }, [4, 5])).toBe(true);
    expect(isInjective({ offset: 0, coef: [4, 1] }, [4, 5])).toBe(false);
    expect(isInjective({ offset: 0, coef: [0, 1] }, [1, 5])).toBe(true);
    expect(isInjective({ offset: 0, coef: [-5, 1] }, [4, 5])).toBe(true);
  });
});
