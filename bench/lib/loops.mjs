// Small WebAssembly loops, made with Tidu's assembler, whose rates show the most that the machine can do.

import { INT, VECTOR } from "#tidu/codegen/emitter.js";
import { assembleModule, FunctionBuilder } from "#tidu/codegen/wasm/assembler.js";
import { hasRelaxedSimd } from "#tidu/runtime/wasm/features.js";

/** Contractions use fused multiply-add where the engine has it (src/codegen/contract). */
export const FUSED = hasRelaxedSimd();

/**
 * A module whose `run(count)` repeats `body`, and the floating-point operations of one repetition.
 *
 * @typedef {{ name: string, bytes: Uint8Array<ArrayBuffer>, operations: number }} RateLoop
 */

/**
 * sum ← a · b + sum, as the contraction kernels write it.
 *
 * @param {FunctionBuilder} f
 * @param {number} sum
 * @param {number} a
 * @param {number} b
 */
function addProduct(f, sum, a, b) {
  if (FUSED) f.get(a).get(b).get(sum).vector("madd").set(sum);
  else f.get(sum).get(a).get(b).vector("mul").vector("add").set(sum);
}

/**
 * sum ← sum · factor + term.
 *
 * @param {FunctionBuilder} f
 * @param {number} sum
 * @param {number} factor
 * @param {number} term
 */
function multiplyAdd(f, sum, factor, term) {
  if (FUSED) f.get(sum).get(factor).get(term).vector("madd").set(sum);
  else f.get(sum).get(factor).vector("mul").get(term).vector("add").set(sum);
}

/**
 * @param {FunctionBuilder} f
 * @param {number} variable counts down to 0
 * @param {() => void} body
 */
function countDown(f, variable, body) {
  f.loop(() => {
    body();
    f.get(variable).i32(1).op("sub").tee(variable);
  });
}

/**
 * @param {FunctionBuilder} f
 * @param {readonly number[]} sums are stored one after the other from `address` on
 * @param {number} address
 */
function storeAll(f, sums, address) {
  const start = f.i32(address).keep(INT);
  sums.forEach(
    (sum, i) =>
      void f
        .get(start)
        .get(sum)
        .memory("v128.store", 16 * i),
  );
}

/**
 * Multiply-adds in registers only: sum ← sum · ½ + ½ for ten registers, so that none waits for the previous one. (An
 * engine would compute constant products only once.)
 *
 * @returns {RateLoop}
 */
export function multiplyAdds() {
  const f = new FunctionBuilder(1);
  const half = f.constant(0x3f000000);
  const sums = Array.from({ length: 10 }, () => f.local(VECTOR));
  countDown(f, 0, () => {
    for (let i = 0; i < 4; i++) for (const sum of sums) multiplyAdd(f, sum, half, half);
  });
  storeAll(f, sums, 0);
  return { name: "multiply-add", bytes: assembleModule([f], [["run", 0]], false), operations: 4 * sums.length * 4 * 2 };
}

/**
 * Steps of the microkernel's inner loop: few enough for its two packed panels to fill less than half of a first-level
 * cache.
 */
export const DEPTH = 256;
/** The tile of the contraction kernels: rows by two registers of columns. */
export const ROWS = FUSED ? 6 : 4;
const VECTORS = 2;
export const COLUMNS = 4 * VECTORS;
const UNROLL = FUSED ? 4 : 1;
/** Addresses of its row panel [depth, rows], its column panel [depth, columns] and its sums [rows, columns]. */
export const PANELS = { rows: 0, columns: 16384, sums: 32768 };

/**
 * The contraction kernels' tile on packed operands that stay in the first-level cache: the rate that their loops could
 * reach if reading memory were free.
 *
 * @returns {RateLoop}
 */
export function microkernel() {
  const f = new FunctionBuilder(1);
  const [row, column, steps] = [f.local(INT), f.local(INT), f.local(INT)];
  const sums = Array.from({ length: ROWS * VECTORS }, () => f.local(VECTOR));
  const step = (/** @type {number} */ k) => {
    const vectors = Array.from({ length: VECTORS }, (_, j) =>
      f
        .get(column)
        .memory("v128.load", 16 * (k * VECTORS + j))
        .keep(VECTOR),
    );
    for (let i = 0; i < ROWS; i++) {
      const spread = f
        .get(row)
        .memory("v128.load32_splat", 4 * (k * ROWS + i))
        .keep(VECTOR);
      for (let j = 0; j < VECTORS; j++) addProduct(f, sums[i * VECTORS + j], spread, vectors[j]);
    }
  };
  countDown(f, 0, () => {
    for (const sum of sums) f.v128([0, 0, 0, 0]).set(sum);
    f.i32(PANELS.rows).set(row).i32(PANELS.columns).set(column);
    f.i32(DEPTH / UNROLL).set(steps);
    countDown(f, steps, () => {
      for (let k = 0; k < UNROLL; k++) step(k);
      f.get(row)
        .i32(4 * ROWS * UNROLL)
        .op("add")
        .set(row);
      f.get(column)
        .i32(16 * VECTORS * UNROLL)
        .op("add")
        .set(column);
    });
    storeAll(f, sums, PANELS.sums);
  });
  const operations = 2 * DEPTH * ROWS * VECTORS * 4;
  return { name: "microkernel", bytes: assembleModule([f], [["run", 0]], false), operations };
}
