import type { nn } from "tidu";
import { readFile, writeFileAtomic } from "tidu/internal";
import { type ExportOptions, exportOnnx } from "./export/export.js";
import { type ImportOptions, importOnnx } from "./import/import.js";
import type { OnnxModule } from "./import/module.js";

/** Writes a network to an ONNX file, whole or not at all; see `exportOnnx`. */
export async function saveOnnx(
  net: nn.Module,
  path: string,
  inputShape: readonly number[],
  options?: ExportOptions,
): Promise<void> {
  await writeFileAtomic(path, await exportOnnx(net, inputShape, options));
}

/** Reads a network from an ONNX file; see `importOnnx`. */
export async function loadOnnx(path: string, options?: Omit<ImportOptions, "file">): Promise<OnnxModule> {
  return importOnnx(await readFile(path), { ...options, file: path });
}
