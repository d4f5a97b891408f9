// Functions of analysis, and activations that nn has no layer for.
import { full, type Tensor } from "tidu";
import { normalizeAxis } from "tidu/internal";
import type { GraphNode, Row, Rows } from "../node.js";
import { counted } from "../numbers.js";
import { binary, unary } from "./arithmetic.js";

const between = (x: Tensor, low: number, high: number): Tensor => x.maximum(low).minimum(high);

/** e^x - 1 below 0, 0 above; the exponential sees no positive number, which it would make infinite. */
const lower = (x: Tensor): Tensor => x.gt(0).where(0, x).expm1();

/** A function with numbers that attributes give. */
const withNumbers =
  (standards: Readonly<Record<string, number>>, f: (x: Tensor, ...numbers: number[]) => Tensor): Row =>
  (node) => {
    const numbers = Object.entries(standards).map(([name, standard]) => node.float(name, standard));
    return unary((x) => f(x, ...numbers))(node);
  };

/**
 * arctan: arguments above tan(3π/8) and tan(π/8) are brought below by atan x = π/2 - atan 1/x = π/4 + atan (x - 1)/(x + 1);
 * the rest is a polynomial of degree 9, whose error is below one unit in the last place of f32 (the coefficients are those
 * of Moshier's Cephes library, 1992).
 */
export function atan(x: Tensor): Tensor {
  const a = x.abs();
  const [far, middle] = [a.gt(2.414213562), a.gt(0.414213562)];
  const t = far.where(full([], -1).div(a.maximum(1)), middle.where(a.sub(1).div(a.add(1)), a));
  const z = t.square();
  const series = [0.0805374449538, -0.138776856032, 0.199777106478, -0.333329491539];
  const tail = series.reduce((sum, c) => sum.mul(z).add(c), full([], 0));
  const rest = tail.mul(z).mul(t).add(t);
  const y = rest.add(far.where(Math.PI / 2, middle.where(Math.PI / 4, 0)));
  return x.lt(0).where(y.neg(), y);
}

const asin = (x: Tensor): Tensor => {
  // Near ±1 the root of (1 - x)(1 + x) keeps its digits.
  const cosine = full([], 1).sub(x).mul(x.add(1)).sqrt();
  return atan(x.div(cosine));
};

/** ln(x + √(x² + 1)), odd; log1p keeps the digits of small numbers. */
function asinh(x: Tensor): Tensor {
  const a = x.abs();
  const root = a.square().add(1).sqrt();
  const y = a.add(a.square().div(root.add(1))).log1p();
  return x.lt(0).where(y.neg(), y);
}

/** (e^x - e^-x) / 2 by expm1, which keeps the digits of small numbers. */
function sinh(x: Tensor): Tensor {
  const e = x.expm1();
  return e.add(e.div(e.add(1))).div(2);
}

const hardmax: Row = (node) => {
  node.needs(1);
  const old = node.opset < 13;
  const axis = node.int("axis", old ? 1 : -1);
  return (x) => {
    const flat = old ? x.flatten(axis) : x;
    const at = normalizeAxis("axis", old ? -1 : axis, flat.rank);
    const winner = flat.argmax(at).unsqueeze(at);
    return counted(flat.shape, at).eq(winner).toFloat().reshape(x.shape);
  };
};

/** The determinant of matrices [..., n, n], by elimination with the largest element of each column. */
const determinant: Row = (node) => {
  node.needs(1);
  return (x) => {
    const n = x.shape[x.rank - 1];
    if (x.rank < 2 || x.shape[x.rank - 2] !== n) node.damaged(`needs square matrices, but its input is [${x.shape}]`);
    if (n > LARGEST_MATRIX) node.refuse(`has matrices [${n}, ${n}]; at most ${LARGEST_MATRIX} rows are allowed`);
    const places = counted([1, n, 1], 1);
    let a = x.reshape([-1, n, n]);
    let product = a.slice(1, 0, 1).slice(2, 0, 1).mul(0).add(1);
    for (let k = 0; k < n; k++) {
      const column = a.slice(2, k, k + 1);
      const pivot = places.lt(k).where(-1, column.abs()).argmax(1).unsqueeze(1);
      const [isPivot, isHere] = [places.eq(pivot), places.eq(k)];
      const pivotRow = isPivot.where(a, 0).sum(1).unsqueeze(1);
      a = isHere.where(pivotRow, isPivot.where(a.slice(1, k, k + 1), a));
      const top = pivotRow.slice(2, k, k + 1);
      product = product.mul(top).mul(pivot.eq(k).where(1, -1));
      // Where nothing is left the product is 0, whatever is taken away.
      const share = a.slice(2, k, k + 1).div(top.eq(0).where(1, top));
      a = places.gt(k).where(a.sub(share.mul(pivotRow)), a);
    }
    return product.reshape(x.shape.slice(0, -2));
  };
};

/** Each row is a part of the program. */
const LARGEST_MATRIX = 32;

const prelu = (x: Tensor, slope: Tensor): Tensor => x.lt(0).where(x.mul(slope), x);

export const FUNCTIONS: Rows = {
  Exp: unary((x) => x.exp()),
  Log: unary((x) => x.log()),
  Sqrt: unary((x) => x.sqrt()),
  Sin: unary((x) => x.sin()),
  Cos: unary((x) => x.cos()),
  Tan: unary((x) => x.sin().div(x.cos())),
  Asin: unary(asin),
  Acos: unary((x) => full([], Math.PI / 2).sub(asin(x))),
  Atan: unary(atan),
  Sinh: unary(sinh),
  Cosh: unary((x) => x.exp().add(x.neg().exp()).div(2)),
  Asinh: unary(asinh),
  Acosh: unary((x) => x.add(x.sub(1).mul(x.add(1)).sqrt()).log()),
  Atanh: unary((x) => x.log1p().sub(x.neg().log1p()).div(2)),
  Erf: unary((x) => x.erf()),
  HardSigmoid: withNumbers({ alpha: 0.2, beta: 0.5 }, (x, alpha, beta) => between(x.mul(alpha).add(beta), 0, 1)),
  HardSwish: unary((x) => x.mul(between(x.div(6).add(0.5), 0, 1))),
  Mish: unary((x) => x.mul(x.softplus().tanh())),
  PRelu: (node: GraphNode) => {
    if (node.opset >= 7) return binary(prelu)(node);
    node.needs(2);
    return (x, slope) => prelu(x, slope.rank === 1 ? slope.reshape([-1, ...x.shape.slice(2).map(() => 1)]) : slope);
  },
  Selu: withNumbers({ alpha: 1.6732631921768188, gamma: 1.0507010221481323 }, (x, alpha, gamma) =>
    x.relu().add(lower(x).mul(alpha)).mul(gamma),
  ),
  Celu: withNumbers({ alpha: 1 }, (x, alpha) => x.relu().add(lower(x.div(alpha)).mul(alpha))),
  Swish: withNumbers({ alpha: 1 }, (x, alpha) => x.mul(x.mul(alpha).sigmoid())),
  ThresholdedRelu: withNumbers({ alpha: 1 }, (x, alpha) => x.gt(alpha).where(x, 0)),
  Shrink: withNumbers({ bias: 0, lambd: 0.5 }, (x, bias, lambd) =>
    x
      .lt(-lambd)
      .where(x.add(bias), x.gt(lambd).where(x.sub(bias), 0))
      .to(x.dtype),
  ),
  Softsign: unary((x) => x.div(x.abs().add(1))),
  Hardmax: hardmax,
  Det: determinant,
};
