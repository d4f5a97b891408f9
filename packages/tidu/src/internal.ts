// Names that Tidu's own packages of the same version, @tidu/onnx and @tidu/cli, need beside the public ones. Not public
// API: it may
// change in any version.
export { type AffineMap, broadcastMap } from "./base/affine.js";
export {
  anything,
  BYTES,
  callback,
  check,
  checkOptional,
  checkOptions,
  either,
  type Fields,
  finite,
  flag,
  having,
  instance,
  integer,
  isPlain,
  type Kind,
  listOf,
  needed,
  notNegative,
  oneOrMore,
  options,
  positive,
  real,
  recordOf,
  refuse,
  share,
  text,
  whole,
  within,
  words,
} from "./base/check.js";
export { type DType, type TypedArray, typedArray } from "./base/dtype.js";
export { halfValues, isHalf } from "./base/half.js";
export {
  broadcastShapes,
  checkShape,
  formatShape,
  normalizeAxis,
  type Shape,
  sameShape,
  sizeOf,
} from "./base/shape.js";
export { brief, show } from "./base/show.js";
export { systemReason } from "./base/system.js";
export { compileProgram } from "./compile/program.js";
export { gunzip, isGzip } from "./data/gzip.js";
export { DEVIATION, MEAN } from "./data/mnist.js";
export { type MnistPart, packageDirectory, readMnist } from "./data/mnist-files.js";
export { foldRows, splitRows } from "./data/split.js";
export { meaningOf, type NDArray } from "./graph/meaning.js";
export { makeStorage, type Node, type NodeOf, type Storage, topologicalOrder } from "./graph/node.js";
export { contract } from "./graph/ops/contract.js";
export { scatter } from "./graph/ops/gather.js";
export { fromStorage, full as fullNode, isFull, isIndex, isStorage } from "./graph/ops/source.js";
export { readFile, writeFileAtomic } from "./io/files.js";
export { Folder, makeFolder } from "./io/folder.js";
export { foreignKind } from "./io/foreign.js";
export { shardNames } from "./io/reader.js";
export { STORED_TYPES, storedBytes, type TensorData } from "./io/tensor-data.js";
export { withoutLoops } from "./loop/written.js";
export { Conv, KernelLayer } from "./nn/conv.js";
export { ConvTranspose } from "./nn/conv-transpose.js";
export { type Affine, Linear } from "./nn/linear.js";
export { Maxout } from "./nn/maxout.js";
export { checkNet } from "./nn/module.js";
export { BatchNorm, LayerNorm } from "./nn/norm.js";
export { type Observation, observe } from "./nn/observe.js";
export { AvgPool2d, MaxPool2d, type Pool } from "./nn/pool.js";
export { dropsWindows, missingIn, WindowPool } from "./nn/pool-nd.js";
export { withoutAdvice } from "./runtime/native/mend.js";
export { pin, settle } from "./tensor/cell.js";
export { bringHere, resolve, storedIn } from "./tensor/stored.js";
export { adopt, checkTensor } from "./tensor/tensor.js";
export { type Trace, trace } from "./tensor/trace.js";
export { newestCheckpoint } from "./train/checkpoint-folder.js";
export { areClasses } from "./train/metrics.js";
