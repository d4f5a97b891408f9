// Measures which tiles of a contraction suit a card: the time of a step of a tile's sum, with one workgroup alone on
// the card and with workgroups that fill it.
import { ALIGNMENT, CARD, type TileCost, type WgslTarget } from "../../codegen/wgsl/card.js";
import { type Dispatch, printProgram } from "../../codegen/wgsl/dispatch.js";
import type { Buffer, ContractKernel } from "../../compile/kernel.js";
import { planMemory } from "../../compile/memory.js";
import { type GpuDevice, type GpuPipeline, USAGE } from "./gpu.js";
import { Pipelines } from "./pipelines.js";

/** What was measured, by the card's name. */
const known = new Map<string, Promise<readonly TileCost[]>>();

/** The shortest batch of dispatches that is measured, in milliseconds: browsers' clocks are coarse. */
const LONG_ENOUGH = 3;
/** Dispatches before the first measurement: an idle card takes them to reach its full speed. */
const WARMING = 150;

/** What tiles cost on this card; measured once for each name. */
export function measureTiles(
  device: GpuDevice,
  name: string,
  tiles: readonly TileCost[],
): Promise<readonly TileCost[]> {
  let costs = known.get(name);
  if (costs === undefined) {
    costs = measure(device, tiles);
    known.set(name, costs);
    // After a failure, the next request measures again.
    costs.catch(() => known.delete(name));
  }
  return costs;
}

async function measure(device: GpuDevice, tiles: readonly TileCost[]): Promise<readonly TileCost[]> {
  const pipelines = new Pipelines(device);
  const prepare = async (tile: TileCost, groups: number, inner: number) => {
    const dispatch = product(tile, tile.rows * groups, tile.columns * groups, inner);
    return { dispatch, inner, groups, pipeline: await pipelines.get(dispatch.text, "a measured product") };
  };
  const prepared = await Promise.all(
    tiles.map((tile) => Promise.all([prepare(tile, 1, 2048), prepare(tile, 32, 128)])),
  );
  const [, first] = prepared[0];
  const end = performance.now() + WARMING;
  while (performance.now() < end) await time(device, first.dispatch, first.pipeline);
  const costs: TileCost[] = [];
  for (const [i, [one, many]] of prepared.entries()) {
    const alone = (await time(device, one.dispatch, one.pipeline)) / one.inner;
    const shared = (await time(device, many.dispatch, many.pipeline)) / many.inner / many.groups ** 2;
    costs.push({ rows: tiles[i].rows, columns: tiles[i].columns, alone, shared });
  }
  return costs;
}

/** A plain product of matrices, [rows, inner] times [inner, columns]. */
function product(tile: TileCost, rows: number, columns: number, inner: number): Dispatch {
  const matrix = (id: number, height: number, width: number): Buffer => ({
    id,
    name: `m${id}`,
    shape: [height, width],
    dtype: "f32",
    strides: [width, 1],
  });
  const [a, b, c] = [matrix(0, rows, inner), matrix(1, inner, columns), matrix(2, rows, columns)];
  const at = (...coef: number[]) => ({ offset: 0, coef });
  const kernel: ContractKernel = {
    kind: "contract",
    name: "measured",
    sizes: [rows, columns, inner],
    outer: 2,
    a: { buffer: a, index: at(inner, 0, 1), inside: [] },
    b: { buffer: b, index: at(0, 1, columns), inside: [] },
    stores: [{ buffer: c, index: at(columns, 1, 0), guards: [], value: { kind: "core" } }],
  };
  const target: WgslTarget = { mostBuffers: 8, mostBinding: 0, tiles: [tile], beside: false, ...CARD };
  const program = { kernels: [kernel], buffers: [a, b, c], memory: planMemory([kernel], { alignment: ALIGNMENT }) };
  return printProgram(program, target)[0];
}

/** Nanoseconds that a dispatch takes, one after the other. */
async function time(device: GpuDevice, dispatch: Dispatch, pipeline: GpuPipeline): Promise<number> {
  const buffers = dispatch.bindings.map(({ buffer }) =>
    device.createBuffer({ size: 4 * buffer.shape[0] * buffer.shape[1], usage: USAGE.storage }),
  );
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const run = async (count: number): Promise<number> => {
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < count; i++) pass.dispatchWorkgroups(dispatch.groups[0], dispatch.groups[1]);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  await run(1);
  let count = 2;
  let taken = await run(count);
  while (taken < LONG_ENOUGH && count < 4096) taken = await run((count *= 2));
  // The difference excludes the time of submitting and waiting.
  const longer = Math.min(await run(2 * count), await run(2 * count));
  const shorter = Math.min(taken, await run(count));
  for (const buffer of buffers) buffer.destroy();
  return (Math.max(longer - shorter, 0.01 * longer) / count) * 1e6;
}
