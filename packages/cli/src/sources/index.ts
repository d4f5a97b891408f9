// The public names of `@tidu/cli/sources`.
export { NAMED, openData } from "./open.js";
export {
  type PrepareOptions,
  prepareSamples,
  restoreTargets,
  type SampleBatch,
  type Samples,
  streamSamples,
} from "./prepare.js";
export type * from "./source.js";
