import "../../packages/tidu/src/runtime/wasm/joining.js";
import { ableJoiner, type Joiner, joiner } from "../../packages/tidu/src/runtime/wasm/joiner.js";

/** Whether the engine that runs the tests joins pairs of vectors. */
export const joins = ableJoiner() !== undefined;

// Where it does not, code for pairs is made and run all the same: it comes to the same results, only not faster.
if (!joins)
  joiner.here = { ...(joiner.here as Joiner), able: () => true, compile: (code) => new WebAssembly.Module(code) };
