// Functions of tensors beside the methods, one by one for bundlers.
export * from "./einsum.js";
export * from "./elementwise.js";
export * from "./layout.js";
export * from "./make.js";
export * from "./pick.js";
export * from "./reduce.js";
export { type InterpolateOptions, interpolate, type PadMode, pad } from "./resize.js";
