// Which instructions this engine's WebAssembly has.
import { assembleModule, FunctionBuilder } from "../../codegen/wasm/assembler.js";

const supports = (write: (f: FunctionBuilder) => void): boolean => {
  const f = new FunctionBuilder(0);
  write(f);
  return WebAssembly.validate(assembleModule([f], [], false));
};

/** Whether there is WebAssembly at all. */
export const hasWasm = (): boolean => globalThis.WebAssembly !== undefined;

/** Whether the machine's WebAssembly has 128-bit vectors, which Tidu needs. */
export const hasSimd = (): boolean => supports((f) => f.v128([0, 0, 0, 0]).op("drop"));

/** Whether it has the fused multiply-add of "relaxed SIMD". */
export const hasRelaxedSimd = (): boolean =>
  supports((f) => {
    for (let i = 0; i < 3; i++) f.v128([0, 0, 0, 0]);
    f.vector("madd").op("drop");
  });

/** Whether code may be compiled at run time, which a page's Content-Security-Policy can forbid. */
export const mayCompile = (): boolean => {
  try {
    return new WebAssembly.Module(assembleModule([new FunctionBuilder(0)], [], false)) !== undefined;
  } catch {
    return false;
  }
};

/**
 * Whether a program can run on several threads here. Memory must be shared between them (in a browser: the page is
 * cross-origin isolated), and this thread must be allowed to sleep until the others are done, which the main thread of
 * a page is not.
 */
export const hasThreads = (): boolean => {
  const scope = globalThis as { SharedArrayBuffer?: unknown; crossOriginIsolated?: boolean };
  return scope.SharedArrayBuffer !== undefined && scope.crossOriginIsolated !== false && maySleep();
};

const maySleep = (): boolean => {
  try {
    // The number is not 1, so this returns at once.
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1) === "not-equal";
  } catch {
    return false;
  }
};
