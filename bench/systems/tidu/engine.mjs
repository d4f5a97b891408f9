/**
 * Counts the time that the JavaScript engine spends on WebAssembly modules, apart from Tidu's own share of compiling.
 *
 * @returns {{ milliseconds: number }} so far
 */
export function timeEngine() {
  const { Module } = WebAssembly;
  const engine = { milliseconds: 0 };
  WebAssembly.Module = class extends Module {
    /** @param {BufferSource} bytes */
    constructor(bytes) {
      const start = performance.now();
      super(bytes);
      engine.milliseconds += performance.now() - start;
    }
  };
  return engine;
}
