// Compiles a workload's training step, to look at its memory and its kernels.
import { compile, setDevice } from "tidu";
import { NullDevice, profileProgram } from "tidu/debug";
import { NativeDevice } from "tidu/native";
import { say } from "../../lib/serve.mjs";
import { batchTensors, build } from "./network.mjs";

/** @param {import("../../workloads.mjs").Workload} workload */
async function compiledStep(workload) {
  const device = new NullDevice();
  setDevice(device);
  const { net, step } = build(workload);
  const { x, t } = await batchTensors(workload);
  if (workload.inference) compile((input) => net.during(false, () => net.forward(input))).prepare(x);
  else step.prepare(x, t);
  return /** @type {typeof device.programs[number]} */ (device.programs.at(-1)).program;
}

/**
 * Memory that the compiler plans: one arena, compared with the sum of all its values' sizes.
 *
 * @param {{ workload: import("../../workloads.mjs").Workload }} job
 */
export async function plan({ workload }) {
  const { arenaBytes, separateBytes } = (await compiledStep(workload)).memory;
  say({ arenaBytes, separateBytes });
}

/**
 * A contraction as one matrix product: axes of the first operand only are rows, axes of the second only are columns,
 * and summed axes of both are inner. (A convolution's product has a window at each position, which PyTorch has to
 * gather, too.)
 *
 * @param {import("#tidu/compile/kernel.js").ContractKernel} kernel
 */
function asProduct({ sizes, outer, a, b }) {
  const product = { rows: 1, columns: 1, inner: 1, alike: 1 };
  sizes.forEach((size, axis) => {
    const [left, right] = [a, b].map(({ index }) => index.coef[axis] !== 0);
    if (axis >= outer) product.inner *= size;
    else if (left && right) product.alike *= size;
    else if (left) product.rows *= size;
    else product.columns *= size;
  });
  return product;
}

/**
 * The time of each contraction of a step on one thread, and its share of all kernels' time.
 *
 * @param {{ workload: import("../../workloads.mjs").Workload, seconds: number, device?: "wasm" | "native" }} job
 */
export async function profile({ workload, seconds, device }) {
  const program = await compiledStep(workload);
  const all =
    device === "native"
      ? await (await NativeDevice.create({ threads: 1 })).profile(program, seconds * 1000)
      : profileProgram(program, {}, seconds * 1000);
  const kernels = all.flatMap(({ kernel, gigaflops, microseconds, share }) =>
    kernel.kind === "contract"
      ? [{ name: kernel.name, sizes: kernel.sizes, microseconds, share, gigaflops, ...asProduct(kernel) }]
      : [],
  );
  say({ kernels, microseconds: all.reduce((sum, { microseconds }) => sum + microseconds, 0) });
}
