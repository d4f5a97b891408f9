import { type nn, TiduError } from "tidu";
import { check, readFile, text, writeFileAtomic } from "tidu/internal";
import { bytesOf, type ExportOptions } from "./export/export.js";
import { checkImport, type ImportOptions, networkOf } from "./import/import.js";
import type { OnnxModule } from "./import/module.js";
import { decode } from "./proto/message.js";
import { ModelMessage } from "./proto/schema.js";
import { locationOf } from "./proto/tensor.js";

/**
 * Writes a network to an ONNX file, whole or not at all; see `exportOnnx`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 * import { loadOnnx, saveOnnx } from "@tidu/onnx";
 *
 * await saveOnnx(nn.linear(4, 2), "net.onnx", [4]);
 * const net = await loadOnnx("net.onnx");
 * console.log((await net.predict(zeros([3, 4]))).shape); // [3, 2]
 * ```
 */
export async function saveOnnx(
  net: nn.Module,
  path: string,
  inputShape: readonly number[],
  options?: ExportOptions,
): Promise<void> {
  check("saveOnnx", "path", path, text);
  await writeFileAtomic(path, await bytesOf("saveOnnx", net, inputShape, options));
}

/**
 * Reads a network from an ONNX file, and from the files beside it in which it keeps weights; see `importOnnx`.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 * import { loadOnnx, saveOnnx } from "@tidu/onnx";
 *
 * await saveOnnx(nn.linear(4, 2), "net.onnx", [4]);
 * console.log((await loadOnnx("net.onnx")).onnx.inputs.length); // 1
 * ```
 */
export async function loadOnnx(path: string, options?: Omit<ImportOptions, "file">): Promise<OnnxModule> {
  check("loadOnnx", "path", path, text);
  checkImport("loadOnnx", options);
  const bytes = await readFile(path);
  const external = options?.external ?? (await readExternal(bytes, path));
  return networkOf("loadOnnx", bytes, { ...options, file: path, external });
}

/** The files that hold a model's weights, which must be in its own folder. */
async function readExternal(bytes: Uint8Array, path: string): Promise<Map<string, Uint8Array>> {
  const initializers = decode(ModelMessage, bytes, path).graph?.initializer ?? [];
  const names = new Set(initializers.map(locationOf).filter((name) => name !== undefined));
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    if (/^[\\/]|^[a-z]:|(^|[\\/])\.\.([\\/]|$)/i.test(name)) {
      throw new TiduError(
        `${path}: its weights are in ${JSON.stringify(name)}; they must be in the model's own folder`,
      );
    }
    files.set(name, await readFile(folder + name));
  }
  return files;
}
