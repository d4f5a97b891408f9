import { assembleModule, FunctionBuilder } from "../../codegen/wasm/assembler.js";

const supports = (write: (f: FunctionBuilder) => void): boolean => {
  const f = new FunctionBuilder(0);
  write(f);
  return WebAssembly.validate(assembleModule([f], false));
};

/** Whether the machine's WebAssembly has 128-bit vectors, which Tidu needs. */
export const hasSimd = (): boolean => supports((f) => f.v128([0, 0, 0, 0]).op("drop"));

/** Whether it has the fused multiply-add of "relaxed SIMD". */
export const hasRelaxedSimd = (): boolean =>
  supports((f) => {
    for (let i = 0; i < 3; i++) f.v128([0, 0, 0, 0]);
    f.simd("f32x4.relaxed_madd").op("drop");
  });

/** Whether memory can be shared between threads here (in a browser: the page is cross-origin isolated). */
export const hasSharedMemory = (): boolean => {
  const scope = globalThis as { SharedArrayBuffer?: unknown; crossOriginIsolated?: boolean };
  return scope.SharedArrayBuffer !== undefined && scope.crossOriginIsolated !== false;
};
