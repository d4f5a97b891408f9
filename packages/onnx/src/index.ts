// The public names of `@tidu/onnx`.
export { type ExportOptions, exportOnnx } from "./export/export.js";
export type { Meaning } from "./export/meaning.js";
export type { RawInput } from "./export/raw.js";
export { loadOnnx, loadTfjs, saveOnnx, weightFiles } from "./files.js";
export { type ImportOptions, importOnnx } from "./import/import.js";
export type { Declared, HeadPlace, OnnxModule } from "./import/module.js";
export { importTfjs, type TfjsOptions } from "./tfjs/import.js";
