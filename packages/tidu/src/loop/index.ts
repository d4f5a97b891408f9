// Functions that a program runs step by step.
export { type ScanOptions, scan, type Tensors } from "./scan.js";
