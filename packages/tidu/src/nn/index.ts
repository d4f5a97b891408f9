export * from "./activation.js";
export { type Conv, type ConvOptions, conv1d, conv2d } from "./conv.js";
export { type ConvTranspose, type ConvTransposeOptions, convTranspose2d } from "./conv-transpose.js";
export { type Dropout, type DropoutOptions, dropout } from "./dropout.js";
export { type Embedding, embedding } from "./embedding.js";
export { type Linear, type LinearOptions, linear } from "./linear.js";
export { type Maxout, maxout, maxoutChannels } from "./maxout.js";
export { Module } from "./module.js";
export {
  type BatchNorm,
  type BatchNormOptions,
  batchNorm1d,
  batchNorm2d,
  type LayerNorm,
  layerNorm,
  type NormOptions,
} from "./norm.js";
export { type Initializer, Parameter } from "./parameter.js";
export {
  type AvgPool2d,
  type AvgPoolOptions,
  avgPool2d,
  globalAvgPool2d,
  type MaxPool2d,
  maxPool2d,
  type PoolOptions,
} from "./pool.js";
export { type Sequential, sequential } from "./sequential.js";
export type { Pair } from "./spatial.js";
export type { LayerSummary, Summary } from "./summary.js";
