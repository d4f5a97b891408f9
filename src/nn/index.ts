export { type Activation, flatten, relu, sigmoid, tanh } from "./activation.js";
export { type Conv2d, type Conv2dOptions, conv2d, type Pair } from "./conv.js";
export { type Dropout, dropout } from "./dropout.js";
export { type Linear, type LinearOptions, linear } from "./linear.js";
export { Module } from "./module.js";
export { type Initializer, Parameter } from "./parameter.js";
export { type MaxPool2d, maxPool2d, type PoolOptions } from "./pool.js";
export { type Sequential, sequential } from "./sequential.js";
export type { LayerSummary, Summary } from "./summary.js";
