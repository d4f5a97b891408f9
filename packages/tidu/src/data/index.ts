// The public names of `tidu/data`.
export type { Batch, Batches, BatchOptions, BatchProvider } from "./batches.js";
export { Dataset, type DatasetOptions, dataset } from "./dataset.js";
export { decodeIdx, encodeIdx, type IdxData, type IdxDtype } from "./idx.js";
export { classWeights } from "./labels.js";
export { mnist } from "./mnist.js";
export type { MnistOptions } from "./mnist-files.js";
export { Sampler, type SamplerOptions } from "./sampler.js";
export { type SplitOptions, split } from "./split.js";
export { StreamDataset, type StreamOptions, streamDataset } from "./stream.js";
export type { StreamForm, StreamSample, StreamSource } from "./stream-samples.js";
export { type WorkerSourceOptions, workerSource } from "./stream-thread.js";
export { TensorDataset, type TensorDatasetOptions, tensorDataset } from "./tensor-dataset.js";
