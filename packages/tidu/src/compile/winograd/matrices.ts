// The matrices of Winograd's transforms, from their points of interpolation.

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** The three transforms of minimal filtering in one dimension: `out = a · ((g · filter) ⊙ (b · data))`. */
export interface Filtering {
  /** From a product for each point to the outputs. */
  readonly a: Matrix;
  /** From the filter's taps to each point. */
  readonly g: Matrix;
  /** From a piece of data to each point. */
  readonly b: Matrix;
}

/** Polynomials are lists of coefficients, the constant first. */
const times = (p: readonly number[], root: number): number[] =>
  [...p, 0].map((_, i) => (p[i - 1] ?? 0) - root * (p[i] ?? 0));
const product = (roots: readonly number[]): number[] => roots.reduce(times, [1]);

/**
 * F(outputs, taps): `outputs` neighboring sums of `taps` products each, from outputs + taps - 1 multiplications
 * instead of outputs · taps. Toom and Cook's interpolation in points · and at infinity, transposed: Winograd,
 * Arithmetic Complexity of Computations (1980); in the form of Lavin and Gray, CVPR 2016, section 4.
 *
 * @param points outputs + taps - 2 different numbers.
 */
export function filtering(outputs: number, taps: number, points: readonly number[]): Filtering {
  const others = (j: number) => points.filter((_, l) => l !== j);
  const powers = (x: number, count: number) => Array.from({ length: count }, (_, i) => x ** i);
  const last = (count: number) => powers(0, count).reverse();
  const columns = [...points.map((p) => powers(p, outputs)), last(outputs)];
  return {
    a: Array.from({ length: outputs }, (_, i) => columns.map((c) => c[i])),
    g: [
      ...points.map((p, j) => {
        const scale = others(j).reduce((n, q) => n * (p - q), 1);
        return powers(p, taps).map((x) => x / scale);
      }),
      last(taps),
    ],
    b: [...points.map((_, j) => [...product(others(j)), 0]), product(points)],
  };
}
