// The public names of `tidu`.
import { WasmDevice } from "./runtime/wasm/device.js";
import { installRealizer } from "./tensor/realizer.js";

installRealizer(() => new WasmDevice());

export type { ArrayData, ArrayOf, DType, TypedArray } from "./base/dtype.js";
export {
  ArgumentError,
  DataError,
  DeviceError,
  FormatError,
  MemoryError,
  NumericError,
  ShapeError,
  TiduError,
  UnsupportedError,
} from "./base/errors.js";
export { readSafetensors, type SafetensorsReader, type StoredInfo } from "./io/reader.js";
export type { TensorData, TensorDtype } from "./io/safetensors.js";
export * from "./line/index.js";
export * from "./loop/index.js";
/** Layers, networks of them, and the base class `Module` of both. */
export * as nn from "./nn/index.js";
/** Initializers: how parameters get their initial values. */
export * as init from "./nn/init.js";
/** Loss functions: how far outputs are from targets, as one number. */
export * as loss from "./nn/losses.js";
/** Metrics of outputs and targets, for `Trainer`. */
export * as metrics from "./nn/metrics.js";
export type { SampleOptions } from "./nn/module.js";
/** Penalties that are added to the cost. */
export * as regularize from "./nn/regularize.js";
/** Convolution and cross-correlation of signals and images, without layers. */
export * as signal from "./nn/signal.js";
export type { Spread } from "./nn/spread.js";
export { type TrainStepOptions, type TrainStepResult, trainStep } from "./nn/train-step.js";
export { overlapAdd, type WindowOptions, windowCount, windows } from "./nn/windows.js";
/** Optimizers, learning rate schedules and averages of weights. */
export * as optim from "./optim/index.js";
export { WasmDevice, type WasmOptions } from "./runtime/wasm/device.js";
export { type Compiled, compile } from "./tensor/compile.js";
export * from "./tensor/functions/index.js";
export { grad } from "./tensor/grad.js";
export { Generator, manualSeed, withGenerator } from "./tensor/random.js";
export { device, setDevice } from "./tensor/realizer.js";
export { recompute } from "./tensor/recompute.js";
export {
  type Axes,
  concat,
  full,
  type NestedArray,
  ones,
  Tensor,
  type TensorLike,
  tensor,
  zeros,
} from "./tensor/tensor.js";
export type { NestedValues } from "./tensor/values.js";
export { Variable } from "./tensor/variable.js";
export {
  type CheckpointOptions,
  deserialize,
  type EarlyStopOptions,
  type EpochReport,
  type EvaluateOptions,
  type Evaluation,
  type FitOptions,
  type LoadOptions,
  load,
  type OwnStep,
  type OwnStepContext,
  type OwnStepResult,
  type Resumed,
  type StepReport,
  save,
  serialize,
  Trainer,
  type TrainerOptions,
} from "./train/index.js";
