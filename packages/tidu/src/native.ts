// "tidu/native": native code as a device, and networks compiled ahead of time. A separate entry, so that programs
// without it do not load any of it.
export { NativeDevice, type NativeOptions } from "./runtime/native/device.js";
export { type CFile, type CFileOptions, predictC, type TrainingCOptions, trainingC } from "./train/c-file.js";
export { predictWasm, type WasmFile, type WasmFileOptions } from "./train/wasm-file.js";
