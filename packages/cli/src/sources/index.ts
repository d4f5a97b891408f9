export { NAMED, openData } from "./open.js";
export { prepareSamples, restoreTargets, type Samples } from "./prepare.js";
export type * from "./source.js";
