// Makes and runs a program that fails on one of its threads.
import { assembleModule, FunctionBuilder } from "../../packages/tidu/src/codegen/wasm/assembler.js";
import { emitBarrier } from "../../packages/tidu/src/codegen/wasm/barrier.js";
import type { ThreadPool, ThreadProgram } from "../../packages/tidu/src/runtime/wasm/pool.js";

const BARRIER = 0;
const MEETINGS = 5;

/** Code whose `run(block, thread, threads)` divides by zero on one thread (none by default) between two barriers. */
export function program(failing = -1): Uint8Array<ArrayBuffer> {
  const [block, thread, threads] = [0, 1, 2];
  const f = new FunctionBuilder(3);
  for (let i = 0; i < MEETINGS; i++) {
    f.get(block).get(threads).call(BARRIER);
    if (i === 1) f.i32(1).get(thread).i32(failing).op("ne").op("div").op("drop");
  }
  return assembleModule([emitBarrier(), f], [["run", 1]], true);
}

/** Runs code on a pool; `theirs` is the code for the other threads, `work` the steps that its loops are said to have. */
export function runOnPool(
  pool: ThreadPool,
  code: Uint8Array<ArrayBuffer>,
  theirs: Uint8Array = code,
  id = 1,
  work?: number,
): void {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), pool.imports);
  pool.run({ id, code: theirs, main: exports.run as ThreadProgram["main"] }, pool.barrier, false, work);
}
