// What each kind of node means in float64. Devices are tested against this.
import type { AffineMap } from "../base/affine.js";
import { rowMajor, type Shape, sizeOf } from "../base/shape.js";
import type { Elements, ElementwiseOp, Node, Op } from "./node.js";
import { type Contraction, isFull, isIndex, startsOf, summedLabels } from "./ops/index.js";

/** A dense row-major array of the reference interpreter. Every element type is held as float64. */
export type NDArray = Elements;

/**
 * What a node is, in float64, given what its inputs are: the definition that every device is tested against. An op says
 * what it does to numbers, its kind which numbers those are.
 */
export function meaningOf(node: Node, inputs: readonly NDArray[]): NDArray {
  const op: Op = node.op;
  return op.value?.(node, inputs) ?? { shape: node.shape, data: elementsOf(node, inputs) };
}

function elementsOf(node: Node, inputs: readonly NDArray[]): Float64Array {
  const [x, y] = inputs;
  const data = new Float64Array(sizeOf(node.shape));
  switch (node.kind) {
    case "elementwise":
      return eachElement(node.op, inputs, data);
    case "view":
      walk(node.attrs, (to, from) => {
        if (from >= 0) data[to] = x.data[from];
      });
      return data;
    case "unview":
      walk(node.attrs, (from, to) => {
        if (to >= 0) data[to] += x.data[from];
      });
      return data;
    case "reshape":
    case "collective":
      return x.data;
    case "reduce":
      return reduced(node, x, data);
    case "contract":
      return contracted(node.attrs, x, y, node.shape, data);
    case "gather":
      eachRow(node.attrs, x.shape, y, (from, to, width) => data.set(x.data.subarray(from, from + width), to));
      return data;
    case "scatter":
      eachRow(node.attrs, node.shape, y, (to, from, width) => {
        for (let i = 0; i < width; i++) data[to + i] += x.data[from + i];
      });
      return data;
    case "concat":
      joined(node, inputs, data);
      return data;
    case "line":
      return lines(node, x, data);
    default:
      if (isFull(node)) return data.fill(node.attrs.value);
      if (isIndex(node)) return data.map((_, i) => i);
      throw new Error(`${node.op.name}: its elements come from the host`);
  }
}

/** Copies each of the inputs to its place along the axis. */
function joined(
  { inputs: nodes, attrs: { axis }, shape }: Node<"concat">,
  inputs: readonly NDArray[],
  data: Float64Array,
) {
  const starts = startsOf(nodes, axis);
  const width = sizeOf(shape.slice(axis));
  inputs.forEach((x, k) => {
    const own = sizeOf(x.shape.slice(axis));
    const first = starts[k][axis] * sizeOf(shape.slice(axis + 1));
    for (let lead = 0; lead * own < x.data.length; lead++)
      data.set(x.data.subarray(lead * own, (lead + 1) * own), lead * width + first);
  });
}

/** The op's result for each line along its axis. */
function lines({ op, shape, attrs: { axis } }: Node<"line">, x: NDArray, data: Float64Array): Float64Array {
  const [length, step] = [shape[axis], sizeOf(shape.slice(axis + 1))];
  for (let line = 0; line < data.length / length; line++) {
    const start = Math.floor(line / step) * step * length + (line % step);
    const place = (k: number) => start + k * step;
    const result = op.meaning(Float64Array.from({ length }, (_, k) => x.data[place(k)]));
    for (let k = 0; k < length; k++) data[place(k)] = result[k];
  }
  return data;
}

function eachElement({ scalar }: ElementwiseOp, inputs: readonly NDArray[], data: Float64Array): Float64Array {
  const x = new Array<number>(inputs.length);
  for (let i = 0; i < data.length; i++) {
    for (let k = 0; k < x.length; k++) x[k] = inputs[k].data[i];
    data[i] = scalar(...x);
  }
  return data;
}

/** Calls back with the row-major numbers of each domain index and of the source index it maps to (-1: outside). */
function walk(map: AffineMap, visit: (domain: number, source: number) => void): void {
  const strides = rowMajor(map.source);
  const at = new Array<number>(map.domain.length).fill(0);
  const total = sizeOf(map.domain);
  for (let i = 0; i < total; i++) {
    let flat = 0;
    for (let s = 0; s < map.source.length && flat >= 0; s++) {
      let x = map.offset[s];
      for (let d = 0; d < at.length; d++) x += map.coef[s][d] * at[d];
      flat = x >= 0 && x < map.source[s] ? flat + x * strides[s] : -1;
    }
    visit(i, flat);
    for (let d = at.length - 1; d >= 0 && ++at[d] === map.domain[d]; d--) at[d] = 0;
  }
}

function reduced({ op: { initial, combineScalar }, attrs: { axes } }: Node<"reduce">, x: NDArray, data: Float64Array) {
  data.fill(initial);
  const strides = rowMajor(x.shape);
  const kept = rowMajor(x.shape.map((d, i) => (axes.includes(i) ? 1 : d)));
  const outStrides = kept.map((s, i) => (axes.includes(i) ? 0 : s));
  for (let i = 0; i < x.data.length; i++) {
    let o = 0;
    for (let a = 0; a < strides.length; a++) o += (Math.floor(i / strides[a]) % x.shape[a]) * outStrides[a];
    data[o] = combineScalar(data[o], x.data[i]);
  }
  return data;
}

function contracted(spec: Contraction, x: NDArray, y: NDArray, shape: Shape, data: Float64Array): Float64Array {
  const labels = [...spec.out, ...summedLabels(spec)];
  const stride = (own: readonly string[], shape: readonly number[]) => {
    const strides = rowMajor(shape);
    return labels.map((l) => (own.includes(l) ? strides[own.indexOf(l)] : 0));
  };
  const sizeBy = (l: string) => (spec.a.includes(l) ? x.shape[spec.a.indexOf(l)] : y.shape[spec.b.indexOf(l)]);
  const sizes = labels.map(sizeBy);
  const strides = [stride(spec.a, x.shape), stride(spec.b, y.shape), stride(spec.out, shape)];
  const at = new Array<number>(labels.length).fill(0);
  const flat = [0, 0, 0];
  for (let n = sizeOf(sizes); n > 0; n--) {
    data[flat[2]] += x.data[flat[0]] * y.data[flat[1]];
    for (let d = at.length - 1; d >= 0; d--) {
      const wrap = ++at[d] === sizes[d];
      if (wrap) at[d] = 0;
      for (let k = 0; k < 3; k++) flat[k] += wrap ? -strides[k][d] * (sizes[d] - 1) : strides[k][d];
      if (!wrap) break;
    }
  }
  return data;
}

/** Calls back for each number of a row: where the row begins in a table of this shape, and where in the list of rows. */
function eachRow(
  { axis }: { axis: number },
  table: Shape,
  rows: NDArray,
  visit: (inTable: number, inList: number, width: number) => void,
): void {
  const width = sizeOf(table.slice(axis + 1));
  const count = rows.data.length;
  for (let lead = 0; lead < sizeOf(table.slice(0, axis)); lead++) {
    rows.data.forEach((row, i) => {
      if (row >= 0 && row < table[axis]) visit((lead * table[axis] + row) * width, (lead * count + i) * width, width);
    });
  }
}
