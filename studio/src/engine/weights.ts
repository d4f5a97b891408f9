// Weights as they are drawn: lines from unit to unit, and kernels.
import type { KindName, Values } from "./layers.js";
import type { Edges, Pictures } from "./protocol.js";

/** Units on each side whose weights are drawn, and kernels. */
export const MOST = 16;

/** Lines between the first units; undefined for a layer whose weights lead from a unit to itself. */
export function edgesOf(
  kind: KindName,
  values: Values,
  numbers: Float32Array,
  shape: readonly number[],
): Edges | undefined {
  if (kind === "linear" || kind === "maxout") {
    const rows = kind === "maxout" ? Number(values.pieces) : 1;
    const [from, to] = [Math.min(MOST, shape[1]), rows * Math.min(MOST, shape[0] / rows)];
    return edges(from, to, (i, j) => numbers[j * shape[1] + i]);
  }
  if (shape.length < 3) return undefined;
  const groups = Number(values.groups);
  // [out, in / groups, …], or [in, out / groups, …] of a transposed one.
  const turned = kind === "convTranspose2d";
  const size = shape.slice(2).reduce((n, d) => n * d, 1);
  const [rows, columns] = [shape[0], shape[1] * groups];
  const strength = (row: number, column: number): number => {
    const own = Math.floor((row * groups) / rows);
    const place = column - own * shape[1];
    return place < 0 || place >= shape[1] ? 0 : strengthOf(numbers, (row * shape[1] + place) * size, size);
  };
  return turned
    ? edges(Math.min(MOST, rows), Math.min(MOST, columns), (i, j) => strength(i, j))
    : edges(Math.min(MOST, columns), Math.min(MOST, rows), (i, j) => strength(j, i));
}

const edges = (from: number, to: number, valueAt: (from: number, to: number) => number): Edges => ({
  from,
  to,
  values: Float32Array.from({ length: from * to }, (_, i) => valueAt(i % from, Math.floor(i / from))),
});

/** Root of the mean square of a kernel, with the sign of its sum. */
function strengthOf(numbers: Float32Array, start: number, size: number): number {
  let [sum, squares] = [0, 0];
  for (let i = start; i < start + size; i++) {
    sum += numbers[i];
    squares += numbers[i] * numbers[i];
  }
  return Math.sign(sum) * Math.sqrt(squares / size);
}

/** Of kernels [first, second, …] those for the first input channel, or of the first output channel if transposed. */
export function kernelsOf(values: Float32Array, [first, second, ...sides]: readonly number[]): Pictures {
  const [height, width] = [1, 1, ...sides].slice(-2);
  const [count, size] = [Math.min(MOST, first), height * width];
  const own = Float32Array.from(
    { length: count * size },
    (_, i) => values[Math.floor(i / size) * second * size + (i % size)],
  );
  return { width, height, count, all: first, values: own };
}
