// Operations that gather elements by number, and scatter them to places.
import { ShapeError, Tensor, topk } from "tidu";
import { normalizeAxis, type Shape, scatter, sizeOf } from "tidu/internal";
import { knownOf, knownTensor } from "../known.js";
import { numbersIn } from "../lists.js";
import type { GraphNode, Row, Rows } from "../node.js";
import { counted, isWhole } from "../numbers.js";

/** Numbers of which the negative ones count from the end, as numbers from the start. */
export function fromStart(rows: Tensor, size: number): Tensor {
  const whole = rows.toInt();
  const known = knownOf(rows);
  if (known === undefined) return whole.lt(0).where(whole.add(size), whole);
  if (known.data.every((v) => v >= 0)) return whole;
  return knownTensor(
    known.data.map((v) => (v < 0 ? v + size : v)),
    known.shape,
    "i32",
  );
}

export const gather: Row = (node) => {
  node.needs(2);
  const axis = node.int("axis", 0);
  return (x, rows) => {
    const at = normalizeAxis("axis", axis, x.rank);
    return x.gather(fromStart(rows, x.shape[at]), at);
  };
};

/** Where each element of `rows` points to in x seen as one row, when it counts along `axis` and stands where it stands. */
function flatPlaces(x: Tensor, rows: Tensor, axis: number): Tensor {
  if (rows.rank !== x.rank)
    throw new ShapeError(`its indices are [${rows.shape}] for an input [${x.shape}]; they must have as many axes`);
  const strides = x.shape.map((_, i) => sizeOf(x.shape.slice(i + 1)));
  const terms = rows.shape.map((_, i) =>
    (i === axis ? fromStart(rows, x.shape[axis]) : counted(rows.shape, i)).mul(strides[i]),
  );
  return terms.reduce((a, b) => a.add(b)).broadcastTo(rows.shape);
}

const gatherElements: Row = (node) => {
  node.needs(2);
  const axis = node.int("axis", 0);
  return (x, rows) => x.reshape([x.size]).gather(flatPlaces(x, rows, normalizeAxis("axis", axis, x.rank)));
};

/** The place in x's first axes, from `lead` on, that the last axis of `rows` tells, as one number. */
function rowNumbers(shape: Shape, rows: Tensor): Tensor {
  const count = rows.shape[rows.rank - 1] ?? 0;
  if (count === 0 || count > shape.length)
    throw new ShapeError(`its indices are [${rows.shape}]; their last axis must have 1 to ${shape.length} places`);
  const parts = Array.from({ length: count }, (_, i) => {
    const part = fromStart(rows.slice(rows.rank - 1, i, i + 1).reshape(rows.shape.slice(0, -1)), shape[i]);
    return part.mul(sizeOf(shape.slice(i + 1, count)));
  });
  return parts.reduce((a, b) => a.add(b));
}

const gatherND: Row = (node) => {
  node.needs(2);
  const batch = node.int("batch_dims", 0);
  return (x, rows) => {
    const [lead, count] = [x.shape.slice(0, batch), rows.shape[rows.rank - 1]];
    const inner = x.shape.slice(batch, batch + count);
    const table = x.reshape([sizeOf(lead) * sizeOf(inner), ...x.shape.slice(batch + count)]);
    const own = rowNumbers(inner, rows);
    // Each sample of the batch counts in its own part.
    const first = counted([sizeOf(lead)], 0)
      .mul(sizeOf(inner))
      .reshape([...lead, ...own.shape.slice(batch).map(() => 1)]);
    return table.gather(own.add(first));
  };
};

type Put = (old: Tensor, value: Tensor) => Tensor;

const PUTS: Readonly<Record<string, Put>> = {
  none: (_, value) => value,
  add: (old, value) => old.add(value),
  mul: (old, value) => old.mul(value),
  min: (old, value) => old.minimum(value),
  max: (old, value) => old.maximum(value),
};

/**
 * Rows of `values` [n, …] put at places [n] among the rows of x [m, …]. Where the places are known, each round puts rows
 * at places that differ by picking among all rows, which is exact for every type; others are added up by the engine.
 */
function putRows(node: GraphNode, x: Tensor, places: Tensor, values: Tensor, how: string): Tensor {
  const put = PUTS[how] ?? node.damaged(`has reduction ${how}`);
  const known = knownOf(places);
  if (known === undefined) return addRows(node, x, places, values, how);
  let result = x;
  let left = [...known.data.keys()];
  while (left.length > 0) {
    const taken = new Map<number, number>();
    // Of rows without reduction, the last one stays.
    for (const i of left) if (how === "none" || !taken.has(known.data[i])) taken.set(known.data[i], i);
    const numbers = Array.from({ length: x.shape[0] }, (_, row) => taken.get(row));
    const picked = values.gather(
      knownTensor(
        numbers.map((i) => i ?? 0),
        [x.shape[0]],
        "i32",
      ),
    );
    const isTaken = knownTensor(
      numbers.map((i) => Number(i !== undefined)),
      [x.shape[0], ...x.shape.slice(1).map(() => 1)],
      "bool",
    );
    result = isTaken.where(put(result, picked), result);
    const done = new Set(taken.values());
    left = how === "none" ? [] : left.filter((i) => !done.has(i));
  }
  return result;
}

/** The same at places that the network computes: sums, and what stands alone at its place. */
function addRows(node: GraphNode, x: Tensor, places: Tensor, values: Tensor, how: string): Tensor {
  if (how !== "none" && how !== "add") node.refuse(`scatters by ${how} at indices that the network computes`);
  const sum = (t: Tensor) => new Tensor(scatter(t.toFloat().node, places.node, { axis: 0, size: x.shape[0] }));
  if (how === "add") return x.add(isWhole(x) ? sum(values).toInt() : sum(values));
  const count = sum(values.mul(0).add(1));
  return count.eq(0).where(x, sum(values).div(count.maximum(1)).to(x.dtype));
}

const scatterElements: Row = (node) => {
  node.needs(3);
  const [axis, how] = [node.int("axis", 0), node.text("reduction", "none")];
  return (x, rows, values) => {
    const at = normalizeAxis("axis", axis, x.rank);
    const places = flatPlaces(x, rows, at).reshape([rows.size]);
    const known = knownPlaces(x, rows, at);
    const put = putRows(node, x.reshape([x.size]), known ?? places, values.reshape([values.size]), how);
    return put.reshape(x.shape);
  };
};

/** `flatPlaces`, where the rows are known. */
function knownPlaces(x: Tensor, rows: Tensor, axis: number): Tensor | undefined {
  const known = knownOf(rows);
  if (known === undefined) return undefined;
  const strides = x.shape.map((_, i) => sizeOf(x.shape.slice(i + 1)));
  const steps = rows.shape.map((_, i) => sizeOf(rows.shape.slice(i + 1)));
  const places = Array.from(known.data, (row, n) => {
    const at = rows.shape.map((size, i) => Math.floor(n / steps[i]) % size);
    at[axis] = row < 0 ? row + x.shape[axis] : row;
    return at.reduce((sum, v, i) => sum + v * strides[i], 0);
  });
  return knownTensor(places, [places.length], "i32");
}

const scatterND: Row = (node) => {
  node.needs(3);
  const how = node.text("reduction", "none");
  return (x, rows, values) => {
    const count = rows.shape[rows.rank - 1];
    const inner = x.shape.slice(count);
    const numbers = rowNumbers(x.shape.slice(0, count), rows);
    const flat = numbers.reshape([numbers.size]);
    const known = knownOf(rows) && knownRows(x.shape.slice(0, count), rows);
    const table = x.reshape([sizeOf(x.shape.slice(0, count)), ...inner]);
    return putRows(node, table, known ?? flat, values.reshape([flat.size, ...inner]), how).reshape(x.shape);
  };
};

/** `rowNumbers`, where the rows are known. */
function knownRows(shape: Shape, rows: Tensor): Tensor {
  const data = knownOf(rows)?.data ?? new Float64Array();
  const numbers = Array.from({ length: data.length / shape.length }, (_, n) =>
    shape.reduce((sum, size, i) => {
      const at = data[n * shape.length + i];
      return sum * size + (at < 0 ? at + size : at);
    }, 0),
  );
  return knownTensor(numbers, [numbers.length], "i32");
}

const oneHot: Row = (node) => {
  node.needs(3);
  const axis = node.int("axis", -1);
  return (rows, depth, values) => {
    const [size] = numbersIn(node, "depth", depth);
    const at = normalizeAxis("axis", axis, rows.rank + 1);
    const own = fromStart(rows, size).unsqueeze(at);
    const shape = own.shape.with(at, size);
    const [off, on] = [values.slice(0, 0, 1).reshape([]), values.slice(0, 1, 2).reshape([])];
    return counted(shape, at).eq(own).where(on, off);
  };
};

/** With more elements than this, ranks would take longer than sorting, which has no form in ONNX to be written in. */
const MOST_RANKED = 1024;

/**
 * The k largest (or smallest) in order, and where they are, the first of equal ones first: each element's rank is the
 * number of those that come before it.
 */
const topK: Row = (node) => {
  node.needs(1);
  node.results = 2;
  node.ignore("sorted");
  const [axis, largest] = [node.int("axis", -1), node.int("largest", 1) !== 0];
  const own = node.int("k", 0);
  return (x, k) => {
    const count = k === undefined ? own : numbersIn(node, "k", k)[0];
    const at = normalizeAxis("axis", axis, x.rank);
    if (x.shape[at] > MOST_RANKED) {
      const { values, indices } = topk(x, count, at, largest);
      return [values, indices];
    }
    const last = x.transpose(at, -1);
    const size = last.shape[x.rank - 1];
    const [mine, other] = [last.unsqueeze(-1), last.unsqueeze(-2)];
    const before = largest ? other.gt(mine) : other.lt(mine);
    const [i, j] = [counted([size, 1], 0), counted([1, size], 1)];
    const rank = before
      .toInt()
      .add(other.eq(mine).toInt().mul(j.lt(i).toInt()))
      .sum(-1);
    const chosen = rank.unsqueeze(-2).eq(counted([count, 1], 0));
    const places = chosen.where(counted([1, size], 1), 0).sum(-1);
    const values = chosen.where(last.unsqueeze(-2), 0).sum(-1);
    return [values.to(x.dtype), places].map((t) => t.transpose(at, -1));
  };
};

/** Of a matrix, what is on and below (or above) a diagonal. */
const trilu: Row = (node) => {
  node.needs(1);
  const upper = node.int("upper", 1) !== 0;
  return (x, k) => {
    const [rows, columns] = x.shape.slice(-2);
    const distance = counted([1, columns], 1).sub(counted([rows, 1], 0));
    const diagonal = k === undefined ? 0 : k.reshape([]);
    const kept = upper ? distance.ge(diagonal) : distance.le(diagonal);
    return x.dtype === "bool" ? kept.where(x, x.toInt().lt(0)) : kept.where(x, 0).to(x.dtype);
  };
};

const eyeLike: Row = (node) => {
  node.needs(1);
  const [k, type] = [node.int("k", 0), node.int("dtype", 0)];
  return (x) => {
    const eye = counted([1, x.shape[1]], 1)
      .sub(counted([x.shape[0], 1], 0))
      .eq(k);
    const isFloat = type === 0 ? !isWhole(x) : [1, 10, 11, 16].includes(type);
    return isFloat ? eye.toFloat() : type === 9 ? eye : eye.toInt();
  };
};

const range: Row = (node) => {
  node.needs(3);
  node.settings(0, 1, 2);
  return (...x) => {
    const [start, limit, step] = x.map((t) => {
      const known = knownOf(t) ?? node.refuse("has bounds that the network computes; they must be constants");
      return known.data[0];
    });
    const count = node.table(Math.max(Math.ceil((limit - start) / step), 0));
    const values = Array.from({ length: count }, (_, i) => start + i * step);
    return knownTensor(values, [count], isWhole(x[0]) ? "i32" : "f32");
  };
};

/** Rows or elements where a known list of truth values says so. */
const compress: Row = (node) => {
  node.needs(2);
  const axis = node.has("axis") ? node.int("axis", 0) : undefined;
  return (x, condition) => {
    const known =
      knownOf(condition) ??
      node.refuse("has a condition that the network computes and that decides the size of its result");
    const chosen = [...known.data].flatMap((v, i) => (v !== 0 ? [i] : []));
    const rows = knownTensor(chosen, [chosen.length], "i32");
    return axis === undefined ? x.reshape([x.size]).gather(rows) : x.gather(rows, normalizeAxis("axis", axis, x.rank));
  };
};

/** The places of elements that are not 0, [axes, places], in row-major order; of a single number there are no axes. */
const nonZero: Row = (node) => {
  node.needs(1);
  return (x) => {
    const known =
      knownOf(x) ??
      node.refuse(
        "has an input that the network computes and that decides the size of its result; it must be a constant",
      );
    const chosen = [...known.data].flatMap((v, i) => (v !== 0 ? [i] : []));
    const places = known.shape.flatMap((size, axis) => {
      const step = sizeOf(known.shape.slice(axis + 1));
      return chosen.map((i) => Math.floor(i / step) % size);
    });
    return knownTensor(places, [known.shape.length, chosen.length], "i32");
  };
};

/** The first `length` steps of each sample in reverse order. */
const reverseSequence: Row = (node) => {
  node.needs(2);
  const [batch, time] = [node.int("batch_axis", 1), node.int("time_axis", 0)];
  return (x, lengths) => {
    const steps = counted(x.shape, time);
    const own = lengths.reshape(x.shape.map((size, i) => (i === batch ? size : 1)));
    const rows = steps.lt(own).where(own.sub(1).sub(steps), steps).broadcastTo(x.shape);
    return x.reshape([x.size]).gather(flatPlaces(x, rows, time));
  };
};

export const PICKS: Rows = {
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterElements: scatterElements,
  Scatter: scatterElements,
  ScatterND: scatterND,
  OneHot: oneHot,
  TopK: topK,
  Trilu: trilu,
  EyeLike: eyeLike,
  Range: range,
  Compress: compress,
  NonZero: nonZero,
  ReverseSequence: reverseSequence,
};
