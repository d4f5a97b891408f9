import { type nn, TiduError } from "tidu";
import { BYTES, check, readFile, text, writeFileAtomic } from "tidu/internal";
import { bytesOf, type ExportOptions } from "./export/export.js";
import { checkImport, type ImportOptions, isJson, modelOf, networkOf } from "./import/import.js";
import type { OnnxModule } from "./import/module.js";
import { locationOf } from "./proto/tensor.js";
import { checkTfjs, filesOf, type TfjsOptions, tfjsOf } from "./tfjs/import.js";

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
 * Reads a network from an ONNX file, and from files of weights in the same folder; see `importOnnx`.
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
  const external = options?.external ?? (await readBeside(path, locationsOf(bytes, path)));
  return networkOf("loadOnnx", bytes, { ...options, file: path, external });
}

/**
 * Reads a network from TensorFlow.js' `model.json`, and from its files of weights in the same folder; see `importTfjs`.
 *
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { ones } from "tidu";
 * import { loadTfjs } from "@tidu/onnx";
 *
 * const config = { name: "twice", scale: 2, batch_input_shape: [null, 2] };
 * const layers = [{ class_name: "Rescaling", config }];
 * const modelTopology = { class_name: "Sequential", config: { name: "s", layers } };
 * await writeFile("model.json", JSON.stringify({ modelTopology, weightsManifest: [] }));
 *
 * const net = await loadTfjs("model.json");
 * console.log(await (await net.predict(ones([1, 2]))).array()); // [[2, 2]]
 * ```
 */
export async function loadTfjs(path: string, options?: Omit<TfjsOptions, "file">): Promise<OnnxModule> {
  check("loadTfjs", "path", path, text);
  checkTfjs("loadTfjs", options);
  const bytes = await readFile(path);
  const external = options?.external ?? (await readBeside(path, filesOf(bytes, path)));
  return tfjsOf("loadTfjs", bytes, { ...options, file: path, external });
}

/**
 * The names of the files beside a model that hold its weights: ONNX's external data, or the weight files of
 * TensorFlow.js' `model.json`. `importOnnx` and `importTfjs` take their bytes as `external`.
 *
 * @param bytes of the ONNX file, or of the `model.json`.
 * @param file names them in errors. Default "the model".
 * @throws FormatError if the bytes are neither kind of model.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 * import { exportOnnx, weightFiles } from "@tidu/onnx";
 *
 * console.log(weightFiles(await exportOnnx(nn.linear(4, 2), [4]))); // []
 * ```
 */
export function weightFiles(bytes: Uint8Array, file = "the model"): string[] {
  check("weightFiles", "bytes", bytes, BYTES);
  check("weightFiles", "file", file, text);
  return [...new Set(isJson(bytes) ? filesOf(bytes, file) : locationsOf(bytes, file))];
}

const locationsOf = (bytes: Uint8Array, file: string): string[] =>
  (modelOf(bytes, file).graph?.initializer ?? []).map(locationOf).filter((name) => name !== undefined);

/** The files that hold a model's weights, which must be in its own folder. */
async function readBeside(path: string, names: readonly string[]): Promise<Map<string, Uint8Array>> {
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const files = new Map<string, Uint8Array>();
  for (const name of new Set(names)) {
    if (/^[\\/]|^[a-z]:|(^|[\\/])\.\.([\\/]|$)/i.test(name)) {
      throw new TiduError(
        `${path}: its weights are in ${JSON.stringify(name)}; they must be in the model's own folder`,
      );
    }
    files.set(name, await readFile(folder + name));
  }
  return files;
}
