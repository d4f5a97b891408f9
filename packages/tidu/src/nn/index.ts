// The names of `nn`, `loss`, `metrics`, `regularize` and `signal`.
export * from "./activation.js";
export {
  type AttentionOptions,
  attend,
  learnedPositions,
  type MultiHeadAttention,
  type MultiHeadAttentionOptions,
  multiHeadAttention,
  type Positions,
  rotary,
  sinusoidalPositions,
  type TransformerBlock,
  type TransformerBlockOptions,
  transformerBlock,
} from "./attention.js";
export { type Conv, type ConvOptions, conv1d, conv2d, conv3d } from "./conv.js";
export {
  type ConvTranspose,
  type ConvTransposeOptions,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from "./conv-transpose.js";
export { type Dropout, type DropoutOptions, dropout } from "./dropout.js";
export { type Embedding, embedding } from "./embedding.js";
export { type Linear, type LinearOptions, linear } from "./linear.js";
export { type Maxout, maxout, maxoutChannels } from "./maxout.js";
export { Module } from "./module.js";
export * from "./more-activations.js";
export { type GroupNorm, groupNorm, instanceNorm, type RmsNorm, rmsNorm } from "./more-norms.js";
export {
  type BatchNorm,
  type BatchNormOptions,
  batchNorm1d,
  batchNorm2d,
  batchNorm3d,
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
export {
  type AdaptivePool,
  adaptiveAvgPool,
  adaptiveMaxPool,
  avgPool,
  maxPool,
  type WindowPool,
  type WindowPoolOptions,
} from "./pool-nd.js";
export {
  type Branches,
  branches,
  type EmbeddingBag,
  type EmbeddingBagOptions,
  embeddingBag,
  pixelShuffle,
  type Residual,
  residual,
  upsample,
} from "./rearrange.js";
export { recompute } from "./recompute.js";
export {
  gru,
  lstm,
  type Recurrent,
  type RecurrentOptions,
  type RecurrentResult,
  type RunOptions,
  rnn,
} from "./recurrent.js";
export { spectralNorm, weightNorm } from "./reparametrize.js";
export { type Sequential, sequential } from "./sequential.js";
export type { Pair } from "./spatial.js";
export { type LayerSummary, type Summary, type SummaryOptions, summary } from "./summary.js";
