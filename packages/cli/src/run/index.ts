// The public names of `@tidu/cli/run`.
export type { MemorySample } from "../sources/memory.js";
export type { PrepareOptions } from "../sources/prepare.js";
export type { Preprocess } from "../sources/source.js";
export type { TableRecord } from "../sources/tables/records.js";
export { type LoadedRun, type LoadRunOptions, loadRun, type Prediction } from "./load-run.js";
