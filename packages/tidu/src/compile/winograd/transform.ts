// The kernels that transform data, filters and results of a filtered contraction.
import { add, mul, sub } from "../../graph/ops/elementwise.js";
import { applied, constant, type Expr } from "../kernel.js";
import type { Matrix } from "./matrices.js";

const isZero = (e: Expr): boolean => e.kind === "const" && e.value === 0;

function scaled(x: Expr, factor: number): Expr {
  return factor === 1 ? x : applied(mul, x, constant(Math.fround(factor)));
}

/** The sum of the inputs times these numbers; positive terms first, so that no sign is left over. */
function combination(row: readonly number[], x: readonly Expr[]): Expr {
  const terms = row.flatMap((c, i) => (c === 0 || isZero(x[i]) ? [] : [{ c, x: x[i] }]));
  terms.sort((p, q) => Number(q.c > 0) - Number(p.c > 0));
  const [first, ...rest] = terms;
  if (first === undefined) return constant(0);
  return rest.reduce(
    (sum, t) => (t.c > 0 ? applied(add, sum, scaled(t.x, t.c)) : applied(sub, sum, scaled(t.x, -t.c))),
    scaled(first.x, first.c),
  );
}

const parity = (row: readonly number[], odd: number): number[] => row.map((c, i) => (i % 2 === odd ? c : 0));
const isMirror = (p: readonly number[], q: readonly number[]): boolean =>
  p.some((c, i) => i % 2 === 1 && c !== 0) && p.every((c, i) => q[i] === (i % 2 === 1 ? -c : c));

/** A matrix times a vector of expressions. The rows of two opposite points share their even and their odd halves. */
function rows(matrix: Matrix, x: readonly Expr[]): Expr[] {
  const result: Expr[] = [];
  matrix.forEach((row, i) => {
    if (result[i] !== undefined) return;
    const mirror = matrix.findIndex((other, j) => j > i && isMirror(row, other));
    if (mirror < 0) return void (result[i] = combination(row, x));
    const [even, odd] = [combination(parity(row, 0), x), combination(parity(row, 1), x)];
    result[i] = applied(add, even, odd);
    result[mirror] = applied(sub, even, odd);
  });
  return result;
}

/** Transforms a box of expressions (the last index fastest) by one matrix along each of its dimensions. */
export function transform(matrices: readonly Matrix[], box: readonly Expr[]): Expr[] {
  return matrices.reduce<readonly Expr[]>((values, matrix, dimension) => {
    const before = matrices.slice(0, dimension).reduce((n, m) => n * m.length, 1);
    const length = matrix[0].length;
    const after = values.length / before / length;
    const result: Expr[] = [];
    for (let p = 0; p < before; p++) {
      for (let q = 0; q < after; q++) {
        const line = Array.from({ length }, (_, i) => values[(p * length + i) * after + q]);
        rows(matrix, line).forEach((value, i) => {
          result[(p * matrix.length + i) * after + q] = value;
        });
      }
    }
    return result;
  }, box) as Expr[];
}
