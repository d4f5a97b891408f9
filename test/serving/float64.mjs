// A run's network in float64, by plain loops: linear layers with ReLU between them, on standardized rows of numbers.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** @typedef {Record<string, number | null>} Row */

/**
 * @param {string} folder the run's folder
 * @returns {Promise<(row: Row) => Record<string, number>>} the probability of each class
 */
export async function inFloat64(folder) {
  const { data } = JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
  const { columns, classes } = data.preprocess;
  const layers = layersOf(await readFile(join(folder, "best.safetensors")));
  return (row) => {
    /** @type {number[]} */
    let values = columns.map(
      (/** @type {{ name: string, mean: number, deviation: number }} */ { name, mean, deviation }) => {
        const value = row[name];
        return value === null ? 0 : (value - mean) / deviation;
      },
    );
    for (const [i, { weight, bias }] of layers.entries()) {
      const sums = weight.map((w, unit) => w.reduce((sum, factor, k) => sum + factor * values[k], bias[unit]));
      values = i < layers.length - 1 ? sums.map((sum) => Math.max(0, sum)) : sums;
    }
    const most = Math.max(...values);
    const powers = values.map((score) => Math.exp(score - most));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return Object.fromEntries(powers.map((power, i) => [classes[i], power / total]));
  };
}

/** Weights [outputs, inputs] and biases, in the order of the layers' numbers. @param {Buffer} file of safetensors */
function layersOf(file) {
  const start = 8 + Number(file.readBigUInt64LE(0));
  /** @type {Record<string, { shape: number[], data_offsets: number[] }>} */
  const header = JSON.parse(file.subarray(8, start).toString("utf8"));
  const numbers = (/** @type {string} */ name) => {
    const [from, to] = header[name].data_offsets;
    return Array.from({ length: (to - from) / 4 }, (_, i) => file.readFloatLE(start + from + 4 * i));
  };
  const names = Object.keys(header).filter((name) => name.endsWith("weight"));
  names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return names.map((name) => {
    const [outputs, inputs] = header[name].shape;
    const all = numbers(name);
    const weight = Array.from({ length: outputs }, (_, unit) => all.slice(unit * inputs, (unit + 1) * inputs));
    return { weight, bias: numbers(name.replace(/weight$/, "bias")) };
  });
}
