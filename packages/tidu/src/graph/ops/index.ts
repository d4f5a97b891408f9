/** The op table: every op that there is. To add one, write its entry in the file of its kind. */
export type { Contraction, Gather, Group, Scatter } from "../attributes.js";
export * from "./collective.js";
export * from "./contract.js";
export * as elementwise from "./elementwise.js";
export { apply } from "./elementwise.js";
export * from "./gather.js";
export { SHORTEN, WIDEN } from "./halves.js";
export * from "./movement.js";
export * from "./reduce.js";
export * from "./source.js";
export { unview, unviewOp } from "./unview.js";
