// What Node gets for "tidu": the library, and what only Node's engine can do.
import "./runtime/wasm/joining.js";

export * from "./index.js";
