// How kernels are cut for machines of different registers: pure functions of the kernel and of numbers, tested without any code.
import { afterEach, describe, expect, test } from "vitest";
import { batchTensors, build } from "../../bench/systems/tidu/network.mjs";
import { type Layer, type Workload, workload, workloadNames } from "../../bench/workloads.mjs";
import type { Kernel, MapKernel } from "../../packages/tidu/src/compile/kernel.js";
import type { Stages } from "../../packages/tidu/src/compile/program.js";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { linear } from "../../packages/tidu/src/nn/linear.js";
import { depthOf, panelsOf, tilesOf } from "../../packages/tidu/src/plan/blocking.js";
import { planContraction } from "../../packages/tidu/src/plan/contraction.js";
import { planNest } from "../../packages/tidu/src/plan/nest.js";
import { printPlan } from "../../packages/tidu/src/plan/print.js";
import { FORM_REGISTERS, type Registers } from "../../packages/tidu/src/plan/registers.js";
import { scratchFor } from "../../packages/tidu/src/plan/scratch.js";
import { DOT_LANES } from "../../packages/tidu/src/plan/tile.js";
import { tallest } from "../../packages/tidu/src/plan/tiling.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import { compile } from "../../packages/tidu/src/tensor/compile.js";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { arange, full, type Tensor, tensor, zeros } from "../../packages/tidu/src/tensor/tensor.js";

const AVX512: Registers = { lanes: 16, accumulators: 24, unroll: 4, fused: true };
const MACHINES = [FORM_REGISTERS, { ...FORM_REGISTERS, lanes: 8 }, AVX512, { ...AVX512, block: 512 * 1024 }];

afterEach(() => void setDevice(new WasmDevice()));

async function kernelsOf(of: string | Workload): Promise<readonly Kernel[]> {
  const device = new NullDevice();
  setDevice(device);
  const work = typeof of === "string" ? workload(of) : of;
  const { x, t } = await batchTensors(work);
  const { net, step } = build(work);
  if (work.inference) compile((images) => net.during(false, () => net.forward(images))).prepare(x);
  else step.prepare(x, t);
  return (device.programs.at(-1) as Stages).program.kernels.flatMap((k) => (k.kind === "loop" ? k.steps : [k]));
}

const product = (sizes: readonly number[]): number => sizes.reduce((n, s) => n * s, 1);

describe.each(workloadNames)("the kernels of %s", (name) => {
  test("are covered by their loops, once, and by tiles that the registers and the scratch memory hold", async () => {
    for (const kernel of await kernelsOf(name))
      for (const machine of MACHINES) {
        if (kernel.kind === "line" || kernel.kind === "loop") continue;
        if (kernel.kind !== "contract") {
          const { outer, inner, unrolled } = planNest(kernel);
          expect(product([...outer, ...inner, ...unrolled].map((l) => l.size))).toBe(product(kernel.sizes));
          continue;
        }
        const { blocks, tile } = planContraction(kernel, machine) ?? {};
        if (blocks !== undefined) {
          const { rows, columns, rowLoop, columnLoop, both } = blocks;
          const vectors = Math.ceil(columns.size / machine.lanes);
          expect(tallest(rows) * vectors).toBeLessThanOrEqual(machine.accumulators);
          expect((rows.count - 1) * rows.size + rows.last).toBe(rowLoop.size);
          expect((columns.count - 1) * columns.size + columns.last).toBe(columnLoop.size);
          const covered = depthOf([...both, ...blocks.rowOthers, ...blocks.columnOthers, rowLoop, columnLoop]);
          expect(covered * depthOf([...blocks.blocks, ...blocks.inner])).toBe(product(kernel.sizes));
          const space = scratchFor(machine);
          const panelBytes = depthOf(blocks.inner) * vectors * machine.lanes * 4;
          if (blocks.panels > 1) expect(blocks.panels * panelBytes).toBeLessThanOrEqual(space.rows - space.panels);
          expect(depthOf(blocks.inner) * tallest(rows) * 4).toBeLessThanOrEqual(space.sums - space.rows);
          for (const [part, all] of [
            [blocks.panels, panelsOf(blocks)],
            [blocks.tiles, tilesOf(blocks)],
          ]) {
            expect(part).toBeLessThanOrEqual(all);
            // Parts are even: none could be smaller without there being more of them.
            expect(part).toBe(Math.ceil(all / Math.ceil(all / part)));
          }
        } else if (tile !== undefined) {
          const { form, rows, columns, others, summed, lanes } = tile;
          const vectors = Math.ceil(columns.size / (form === "dot" ? machine.lanes / DOT_LANES : machine.lanes));
          expect(tallest(rows) * (tile.beside?.size ?? 1) * vectors).toBeLessThanOrEqual(machine.accumulators);
          const tiled = [tile.rowLoop, tile.beside, tile.columnLoop].flatMap((l) => l ?? []);
          const all = [...others, ...summed, ...tiled, ...(form === "dot" ? [lanes] : [])];
          expect(depthOf(all)).toBe(product(kernel.sizes));
        }
      }
  });

  test("have plans that can be read", async () => {
    const kernels = await kernelsOf(name);
    const lines = kernels.map((kernel) => printPlan(kernel, AVX512));
    for (const [i, line] of lines.entries()) expect(line).toContain(`${kernels[i].name} [`);
    expect(lines.map((l) => l.split(": ")[0]).length).toBe(kernels.length);
  });
});

test("a product of matrices is cut into blocks, its columns as wide as two registers", async () => {
  const kernels = await kernelsOf("mlp-dropout");
  const wide = kernels.find((k) => k.kind === "contract" && product(k.sizes) === 128 * 784 * 1024) as Kernel;
  const [form, avx512] = [FORM_REGISTERS, AVX512].map((machine) => printPlan(wide, machine));
  expect(form).toMatch(/blocks of \d+ panels and \d+ tiles, rows .* by [56],.* columns .* by 8 /);
  expect(avx512).toMatch(/blocks of \d+ panels and \d+ tiles, rows .* by 1[12],.* columns .* by 32 /);
});

test("a padding copy of one image runs in vectors between its borders", async () => {
  const copies = (await kernelsOf("mobile-infer")).filter((k) => k.kind === "map" && /^view/.test(k.name));
  expect(copies.length).toBeGreaterThan(5);
  for (const kernel of copies) {
    if (kernel.kind !== "map") continue;
    const { lanes, inside, outer } = planNest(kernel);
    const last = outer.at(-1)?.size ?? 0;
    expect(lanes, kernel.name).toBe("outer");
    if (inside !== undefined) expect(inside.to - inside.from, kernel.name).toBeGreaterThanOrEqual(last - 3);
  }
});

test("columns fill the machine's vectors: a batch of four does not take the place of sixteen lanes", async () => {
  for (const kernel of await kernelsOf("resnetstem")) {
    if (kernel.kind !== "contract") continue;
    const { blocks } = planContraction(kernel, AVX512) ?? {};
    if (blocks !== undefined) expect(blocks.columnLoop.size, printPlan(kernel, AVX512)).toBeGreaterThanOrEqual(16);
  }
});

/** The plans of a linear layer's input gradient, for few samples and a wide layer. */
async function inputGradient(samples: number): Promise<readonly string[]> {
  const device = new NullDevice();
  setDevice(device);
  const linear = ["linear", 1024, 1024] as const;
  const work = { ...workload("mlp"), input: [1024], classes: 1024, batch: samples, layers: [linear, linear] };
  const { x, t } = await batchTensors(work);
  build(work).step.prepare(x, t);
  const { kernels } = (device.programs.at(-1) as Stages).program;
  const gradient = kernels.filter((k) => k.kind === "contract" && k.sizes.join(" ") === `${samples} 1024 1024`).at(-1);
  return [FORM_REGISTERS, AVX512].map((machine) => printPlan(gradient as Kernel, machine));
}

test("far rows are read where they are if whole lines of them are, and few tiles need them; else copied in stripes", async () => {
  const [narrow, wide] = await inputGradient(16);
  expect(wide).toMatch(/rows i0<16 by 8 \(2\), columns i1<1024 by 32 \(32\), one/);
  expect(narrow).toMatch(/columns i1<1024 by 8 \(128\) copied in stripes of 8,/);
  expect((await inputGradient(64))[1]).toMatch(/columns i1<1024 by 32 \(32\) copied in stripes of 8,/);
});

test("tiles of rows that share far lines are copied together", async () => {
  const [gradient] = (await kernelsOf("wide-mlp")).filter(
    (k) => k.kind === "contract" && k.name.startsWith("contract17"),
  );
  const machine = { ...AVX512, block: 512 * 1024 };
  expect(printPlan(gradient, machine)).toMatch(/rows i1<2048 by 12, last 8 \(171\) copied, 4 tiles together, columns/);
});

test("a single vector of columns is slower than two, since each sum waits for its last product", async () => {
  const kernels = await kernelsOf("decoder");
  const [gradient] = kernels.filter((k) => k.kind === "contract" && k.sizes.join(" ") === "64 32 4 4 32 8 8");
  expect(printPlan(gradient, FORM_REGISTERS)).toMatch(/columns i0<64 by 8 \(8\) copied/);
});

describe("where a tile's columns are apart in the result, its rows are neighbors, so that it fills whole lines", () => {
  const planOf = async (network: Pick<Workload, "layers" | "input" | "batch" | "tokens">, sizes: string) => {
    const kernels = await kernelsOf({ ...network, name: "", classes: 10, optimizer: { name: "sgd", lr: 0.1 } });
    const kernel = kernels.find((k) => k.kind === "contract" && k.sizes.join(" ") === sizes) as Kernel;
    return printPlan(kernel, { ...AVX512, block: 512 * 1024 });
  };

  test("as long as they are in few pages", async () => {
    const layers: Layer[] = [["embedding", 64, 100], ["lstm", 100, 200], ["last"], ["linear", 200, 10]];
    const plan = await planOf({ layers, input: [50], batch: 20, tokens: 64 }, "50 20 800 100");
    expect(plan).toMatch(/rows i1<20 by 10 \(2\) copied, columns i2<800 by 32 /);
  });

  test("unless columns are pages apart, which evict each other", async () => {
    const layers: Layer[] = [["conv", 24, 48, 5, 2], ["relu"], ["flatten"], ["linear", 48 * 256, 10]];
    const plan = await planOf({ layers, input: [24, 16, 16], batch: 48 }, "768 48 16 24 5 5");
    expect(plan).toMatch(/rows i1<48 by 12 \(4\), columns i0<768 by 32 /);
  });
});

test("a tile that converts float16 weights has one column, which serves all of few rows", async () => {
  const device = new NullDevice();
  setDevice(device);
  const layer = linear(512, 512).to("f16");
  compile((x) => layer.forward(x)).prepare(zeros([8, 512]));
  const { kernels } = (device.programs.at(-1) as Stages).program;
  const product = kernels.find((k) => k.kind === "contract") as Kernel;
  expect(printPlan(product, FORM_REGISTERS)).toMatch(/dot form along .*, rows i0<8 by 8 \(1\), columns i1<512 by 1 /);
});

test("a sum of values that are made on the way, such as counted or repeated ones, has lanes", async () => {
  const sums = {
    counted: () => arange(1000).mul(0.5).sum(),
    constant: () => full([1000], 3).sum(),
    repeated: () => tensor([1, 2, 3]).reshape([3, 1]).broadcastTo([3, 1000]).sin().sum(),
  };
  for (const [name, sum] of Object.entries(sums)) {
    const device = new NullDevice();
    setDevice(device);
    await sum().data();
    const kernel = (device.programs.at(-1) as Stages).program.kernels.at(-1) as Kernel;
    expect([name, kernel.kind, kernel.kind === "reduce" && planNest(kernel).lanes]).toEqual([name, "reduce", "inner"]);
  }
});

test("threads divide the width of an embedding's gradient, since any two samples may have one row", async () => {
  const kernels = (await kernelsOf("words")).filter((k) => k.stores[0].accumulate !== undefined);
  const plans = kernels.map((k) => (k.kind === "map" ? planNest(k) : undefined));
  expect(plans).toMatchObject([{ shared: true, divisible: 0, lanes: "outer" }]);
});

test("where many values are stored, memory is walked in their order, not in that of what is read", () => {
  // A few images: their channels are innermost, and filtering stores 36 points of each piece, far apart.
  const net = nn.sequential(nn.conv2d(3, 40, 3, { padding: 1 }), nn.relu(), nn.conv2d(40, 40, 3, { padding: 1 }));
  const device = new NullDevice();
  setDevice(device);
  compile((x: Tensor) => net.forward(x)).prepare(zeros([5, 3, 40, 40]));
  const { kernels } = (device.programs.at(-1) as Stages).program;
  const kernel = kernels.find(({ stores }) => stores.length === 36) as MapKernel;
  const { coef } = kernel.stores[0].index;
  const steps = planNest(kernel).outer.map(({ axis }) => coef[axis]);
  expect(steps.length).toBeGreaterThan(2);
  expect(steps).toEqual([...steps].sort((p, q) => q - p));
});
