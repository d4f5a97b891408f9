export { Dataset, type DatasetOptions, dataset } from "./dataset.js";
export { decodeIdx, encodeIdx, type IdxData, type IdxDtype } from "./idx.js";
export { mnist } from "./mnist.js";
export type { MnistOptions } from "./mnist-files.js";
export { Sampler, type SamplerOptions } from "./sampler.js";
