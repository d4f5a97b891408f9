// Converts images and kernels for systems that keep channels last.
import { firstValues, sizeOf } from "../workloads.mjs";

/**
 * Moves the channel axis last: blocks [c, h, w] become [h, w, c].
 *
 * @param {Float32Array} values any number of blocks
 * @param {readonly number[]} block [channels, height, width]
 */
export function channelsLast(values, [channels, height, width]) {
  const area = height * width;
  const out = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += channels * area)
    for (let c = 0; c < channels; c++)
      for (let p = 0; p < area; p++) out[start + p * channels + c] = values[start + c * area + p];
  return out;
}

/**
 * [rows, columns] to [columns, rows].
 *
 * @param {Float32Array} values
 * @param {number} rows
 */
export function transposed(values, rows) {
  const columns = values.length / rows;
  const out = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c];
  return out;
}

/**
 * Shape of one sample before each layer, and after the last one.
 *
 * @param {import("../workloads.mjs").Workload} workload
 */
export function shapesOf({ input, layers }) {
  const shapes = [[...input]];
  for (const [kind, ...sizes] of layers) {
    const shape = /** @type {number[]} */ (shapes.at(-1));
    const [, outputs, kernel, padding] = /** @type {number[]} */ (sizes);
    const side = (/** @type {number} */ n) => n + 2 * padding - kernel + 1;
    if (kind === "linear" || kind === "maxout") shapes.push([outputs]);
    else if (kind === "conv") shapes.push([outputs, side(shape[1]), side(shape[2])]);
    else if (kind === "pool") shapes.push([shape[0], ...shape.slice(1).map((n) => Math.floor(n / Number(sizes[0])))]);
    else if (kind === "flatten") shapes.push([sizeOf(shape)]);
    else shapes.push(shape);
  }
  return shapes;
}

/**
 * The initial values of every layer's weight and bias (undefined where it has none), with inputs in channels-last
 * order: linear [out, in], conv [out, h, w, in].
 *
 * @param {import("../workloads.mjs").Workload} workload
 */
export function firstValuesChannelsLast(workload) {
  const shapes = shapesOf(workload);
  return workload.layers.map((layer, i) => {
    const first = firstValues(layer, i);
    if (first === undefined) return undefined;
    const flattened = workload.layers[i - 1]?.[0] === "flatten" ? shapes[i - 1] : undefined;
    const block = layer[0] === "conv" ? first.weight.shape.slice(1) : flattened;
    const weight = block === undefined ? first.weight.values : channelsLast(first.weight.values, block);
    return { weight, bias: first.bias?.values };
  });
}
