// Code that copies a block of an operand into the order in which tiles read it.
import { type Emitter, INT, VECTOR } from "../emitter.js";
import { emitLoop } from "../loops.js";
import type { Reads } from "./reads.js";

/** A copy, in float32, to contiguous memory: at every step of `walk`, `lanes` elements that lie `lane` bytes apart. */
export interface Packing {
  readonly lanes: number;
  readonly lane: number;
  /** Bytes from one step's copy to the next: those of the lanes, or of the whole vectors that hold them. */
  readonly stride: number;
  /** Loops over the steps, outermost first, and the bytes that a step moves the source. */
  readonly walk: readonly { readonly size: number; readonly step: number }[];
}

/** Lanes of the vectors that are copied where lanes do not fill the machine's own. */
const LANES = 4;

/**
 * Copies one tile's elements to where `to` points, in the order in which the tile reads them: vector by vector at the
 * first step, then at the next. Where the stride leaves room, lanes past the last hold arbitrary values.
 *
 * @param from local with the address of the first element; it is the same afterwards.
 * @param to local with the address of the copy; afterwards it points behind it.
 */
export function emitPack(reads: Reads, from: number, to: number, packing: Packing): void {
  const { f, bytes } = reads;
  const { walk } = packing;
  const last = walk.at(-1);
  const transposes = packing.lane !== bytes && last?.step === bytes && last.size >= LANES;
  const isWhole = packing.lane === bytes && packing.lanes % f.lanes === 0;
  const run = (depth: number): void => {
    if (transposes && depth === walk.length - 1) return transposed(reads, from, to, packing, last.size);
    if (depth === walk.length) return oneStep(reads, from, to, packing);
    const { size, step } = walk[depth];
    emitLoop(f, { variable: f.local(INT), count: size, step: 1 }, () => {
      run(depth + 1);
      f.advance(from, step);
    });
    f.advance(from, -step * size);
  };
  f.withLanes(isWhole ? f.lanes : LANES, () => run(0));
}

/** The elements of one step. */
function oneStep(reads: Reads, from: number, to: number, packing: Packing): void {
  const { f, bytes } = reads;
  const { lanes, lane, stride } = packing;
  for (let j = 0; f.lanes * j < lanes; j++) {
    f.get(from);
    const vector = lane === bytes ? reads.load(bytes * f.lanes * j) : gather(j);
    store(f, to, packing, vector, 0, j);
  }
  f.advance(to, stride);

  function gather(j: number): number {
    const count = Math.min(f.lanes, lanes - f.lanes * j);
    return reads.apart(Array.from({ length: count }, (_, i) => (f.lanes * j + i) * lane));
  }
}

/** Stores the j-th vector of a step, all of it or, where the next vector begins within it, the lanes that count. */
function store(f: Emitter, to: number, packing: Packing, vector: number, step: number, j: number): void {
  const { lanes, stride } = packing;
  const width = 4 * f.lanes;
  const place = step * stride + width * j;
  if (width * (j + 1) <= stride) f.get(to).get(vector).store(place);
  else {
    for (let i = 0; f.lanes * j + i < lanes; i++)
      f.get(to)
        .get(vector)
        .storeLane(i, place + 4 * i);
  }
}

/** The last loop, along which the source is contiguous: four steps of four lanes at a time. */
function transposed(reads: Reads, from: number, to: number, packing: Packing, size: number): void {
  const { f, bytes } = reads;
  const { lanes, lane, stride } = packing;
  const whole = Math.floor(size / LANES);
  emitLoop(f, { variable: f.local(INT), count: whole, step: 1 }, () => {
    for (let j = 0; LANES * j < lanes; j++) {
      const count = Math.min(LANES, lanes - LANES * j);
      const rows = Array.from({ length: count }, (_, i) => {
        f.get(from);
        return reads.load((LANES * j + i) * lane);
      });
      if (rows.length === 1) {
        for (let step = 0; step < LANES; step++)
          f.get(to)
            .get(rows[0])
            .storeLane(step, step * stride + 16 * j);
        continue;
      }
      while (rows.length < LANES) rows.push(rows[0]);
      transpose(f, rows).forEach((vector, step) => store(f, to, packing, vector, step, j));
    }
    f.advance(from, bytes * LANES);
    f.advance(to, stride * LANES);
  });
  for (let i = whole * LANES; i < size; i++) {
    oneStep(reads, from, to, packing);
    f.advance(from, bytes);
  }
  f.advance(from, -bytes * size);
}

/** Four vectors with rows and lanes exchanged. */
function transpose(f: Emitter, [a, b, c, d]: readonly number[]): number[] {
  const mix = (x: number, y: number, lanes: readonly number[]) => f.get(x).get(y).shuffle(lanes).keep(VECTOR);
  const [ab, abHigh] = [mix(a, b, [0, 4, 1, 5]), mix(a, b, [2, 6, 3, 7])];
  const [cd, cdHigh] = [mix(c, d, [0, 4, 1, 5]), mix(c, d, [2, 6, 3, 7])];
  const [low, high] = [
    [0, 1, 4, 5],
    [2, 3, 6, 7],
  ];
  return [mix(ab, cd, low), mix(ab, cd, high), mix(abHigh, cdHigh, low), mix(abHigh, cdHigh, high)];
}
