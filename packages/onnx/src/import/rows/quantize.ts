// Whole numbers that stand for real ones: x ≈ (q - zero point) · scale.
import type { Tensor } from "tidu";
import { normalizeAxis } from "tidu/internal";
import type { GraphNode, Row, Rows } from "../node.js";
import { rounded } from "../numbers.js";
import { convolve, later, lessZero } from "./convolve.js";

/** The range of an ONNX type. */
const LIMITS = new Map<number, readonly [least: number, most: number]>([
  [2, [0, 255]],
  [3, [-128, 127]],
  [4, [0, 65535]],
  [5, [-32768, 32767]],
  [6, [-(2 ** 31), 2 ** 31 - 1]],
  [21, [0, 15]],
  [22, [-8, 7]],
]);

const limitsOf = (node: GraphNode, type: number): readonly [number, number] =>
  LIMITS.get(type) ?? node.refuse(`makes elements of type ${type}, which Tidu does not support`);

/** A scale or zero point for the whole tensor, for each place of an axis, or for each block along it. */
function spreadOver(x: Tensor, t: Tensor, axis: number, block: number): Tensor {
  if (t.size === 1) return t.reshape([]);
  const at = normalizeAxis("axis", axis, x.rank);
  if (t.rank <= 1) return t.reshape(x.shape.map((_, i) => (i === at ? -1 : 1)));
  const wide = t.unsqueeze(at + 1);
  const repeated = wide.broadcastTo(wide.shape.with(at + 1, block)).reshape(t.shape.with(at, t.shape[at] * block));
  return repeated.shape[at] === x.shape[at] ? repeated : repeated.slice(at, 0, x.shape[at]);
}

const dequantize: Row = (node) => {
  node.needs(2);
  node.ignore("output_dtype");
  const [axis, block] = [node.int("axis", 1), node.int("block_size", 0)];
  return (x, scale, zero) => {
    const whole = zero === undefined ? x : x.sub(spreadOver(x, zero, axis, block));
    return whole.toFloat().mul(spreadOver(x, scale, axis, block));
  };
};

/** Rounded to even, and kept within what the type holds. */
function quantized(
  x: Tensor,
  scale: Tensor,
  zero: Tensor | undefined,
  [least, most]: readonly [number, number],
): Tensor {
  const whole = rounded(x.toFloat().div(scale));
  const moved = zero === undefined ? whole : whole.add(zero.toFloat());
  return moved.maximum(least).minimum(most).toInt();
}

const quantize: Row = (node) => {
  node.needs(2);
  node.ignore("saturate", "precision");
  const [axis, block] = [node.int("axis", 1), node.int("block_size", 0)];
  const own = node.int("output_dtype", 0);
  const limits = limitsOf(node, node.type(2) ?? (own === 0 ? 2 : own));
  return (x, scale, zero) => {
    const zeros = zero && spreadOver(x, zero, axis, block);
    return quantized(x, spreadOver(x, scale, axis, block), zeros, limits);
  };
};

/** To bytes, whose range is the tensor's own, with 0 in it. */
const dynamic: Row = (node) => {
  node.needs(1);
  node.results = 3;
  return (x) => {
    const [low, high] = [x.min().minimum(0), x.max().maximum(0)];
    const scale = high.sub(low).div(255);
    const zero = rounded(low.neg().div(scale)).maximum(0).minimum(255).toInt();
    return [quantized(x, scale, zero, [0, 255]), scale, zero];
  };
};

/** A zero point of a matrix: one, or one for each row (of the first) or column (of the second). */
const ofMatrix = (zero: Tensor, isRow: boolean): Tensor =>
  isRow && zero.rank === 1 && zero.size > 1 ? zero.unsqueeze(1) : zero.size === 1 ? zero.reshape([]) : zero;

const less = (x: Tensor, zero: Tensor | undefined, isRow: boolean): Tensor =>
  zero === undefined ? x : x.sub(ofMatrix(zero, isRow));

const matMulInteger: Row = (node) => {
  node.needs(2);
  return (a, b, aZero, bZero) =>
    less(a, aZero, true)
      .toInt()
      .matmul(less(b, bZero, false).toInt());
};

const qLinearMatMul: Row = (node) => {
  node.needs(8);
  const limits = limitsOf(node, node.type(7) ?? 2);
  return (a, aScale, aZero, b, bScale, bZero, scale, zero) => {
    const product = less(a, aZero, true)
      .toInt()
      .matmul(less(b, bZero, false).toInt());
    const real = product.toFloat().mul(ofMatrix(aScale, true)).mul(ofMatrix(bScale, false));
    return quantized(real, ofMatrix(scale, true), ofMatrix(zero, true), limits);
  };
};

const qLinearConv: Row = (node) => {
  node.needs(8);
  const limits = limitsOf(node, node.type(7) ?? 2);
  const apply = later(node, convolve, node.shape(3));
  return (x, xScale, xZero, w, wScale, wZero, scale, zero, bias) => {
    const whole = apply(x.sub(xZero.reshape([])), lessZero(w, wZero), bias);
    const perRow = wScale.size === 1 ? wScale.reshape([]) : wScale.reshape([-1, ...w.shape.slice(2).map(() => 1)]);
    const real = whole.mul(xScale.reshape([])).mul(perRow);
    return quantized(real, scale.reshape([]), zero.reshape([]), limits);
  };
};

export const QUANTIZE: Rows = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamic,
  MatMulInteger: matMulInteger,
  QLinearMatMul: qLinearMatMul,
  QLinearConv: qLinearConv,
};
