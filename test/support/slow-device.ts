// A device whose programs begin only some time after they were asked for, as those do whose native code or shaders are still
// being made.
import type { Storage } from "../../packages/tidu/src/graph/node.js";
import { WasmDevice } from "../../packages/tidu/src/runtime/wasm/device.js";
import type { Update } from "../../packages/tidu/src/tensor/realizer.js";

export class SlowDevice extends WasmDevice {
  constructor() {
    super({ threads: 1 });
  }

  override prepare(updates: readonly Update[], varying: readonly Storage[] = []) {
    const { run, ...rest } = super.prepare(updates, varying);
    const later = (actual?: readonly Storage[]) => {
      void this.inPlace([], () => new Promise((done) => setImmediate(done)));
      return run(actual);
    };
    return { ...rest, run: later };
  }
}
