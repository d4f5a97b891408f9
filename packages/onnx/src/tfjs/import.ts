// Models of TensorFlow.js become networks: they are written as ONNX, which is read like any other.
import { FormatError, UnsupportedError } from "tidu";
import { BYTES, check, checkOptions, refuse, text, words } from "tidu/internal";
import { EXTERNAL, networkOf } from "../import/import.js";
import type { OnnxModule } from "../import/module.js";
import type { ExternalData } from "../proto/tensor.js";
import { Builder, type Value } from "./builder.js";
import { GraphModel } from "./graph/model.js";
import { LayersModel } from "./layers/model.js";
import { isObject, type Json, type Source } from "./place.js";
import { pathsOf, readWeights } from "./weights.js";

/** Options of `importTfjs`. */
export interface TfjsOptions {
  /** Names the file in errors. Default "the model". */
  readonly file?: string;
  /**
   * The network's output: one of the model's outputs (needed where it has several), or any layer or operation, by its
   * name.
   */
  readonly output?: string;
  /**
   * Position of the channels of images and volumes (4 or 5 axes) in inputs and output: "first", [n, c, h, w], as
   * everywhere in Tidu; or "last", as in the file. Default "first".
   */
  readonly channels?: "first" | "last";
  /** The bytes of the files of weights, by their paths in the model; `loadTfjs` reads them itself. */
  readonly external?: ExternalData;
}

/**
 * A network from the bytes of TensorFlow.js' `model.json` and of its files of weights: a layers model or a graph model of
 * a feed-forward or convolutional net. The result is like that of `importOnnx`: its layers can be trained further,
 * saved, and exported as ONNX.
 *
 * @throws FormatError if the bytes are not a valid model; UnsupportedError, which names all unsupported layers or
 *   operations; ArgumentError if `output` is not a value of the model.
 *
 * @example
 * ```ts
 * import { tensor } from "tidu";
 * import { importTfjs } from "@tidu/onnx";
 *
 * const config = { name: "d", units: 1, use_bias: false, batch_input_shape: [null, 2] };
 * const model = {
 *   modelTopology: { class_name: "Sequential", config: { name: "s", layers: [{ class_name: "Dense", config }] } },
 *   weightsManifest: [{ paths: ["w.bin"], weights: [{ name: "d/kernel", shape: [2, 1], dtype: "float32" }] }],
 * };
 * const external = new Map([["w.bin", new Uint8Array(Float32Array.of(2, 3).buffer)]]);
 * const net = importTfjs(new TextEncoder().encode(JSON.stringify(model)), { external });
 * console.log(await (await net.predict(tensor([[1, 10]]))).array()); // [[32]]
 * ```
 */
export function importTfjs(bytes: Uint8Array, options: TfjsOptions = {}): OnnxModule {
  check("importTfjs", "bytes", bytes, BYTES);
  checkTfjs("importTfjs", options);
  return tfjsOf("importTfjs", bytes, options);
}

/** Throws ArgumentError for a wrong option. */
export const checkTfjs = (where: string, options: TfjsOptions | undefined): void =>
  checkOptions(where, options, {
    ...(where === "importTfjs" ? { file: text } : {}),
    output: text,
    channels: words("first", "last"),
    external: EXTERNAL,
  });

/** The files in which a model keeps its weights. */
export const filesOf = (bytes: Uint8Array, file: string): string[] => {
  const source = sourceOf(bytes, file);
  return pathsOf(parsed(source).weightsManifest, source);
};

/** The same, given the function's name for errors. */
export function tfjsOf(where: string, bytes: Uint8Array, options: TfjsOptions): OnnxModule {
  const { file = "the model", external = new Map(), channels = "first" } = options;
  const source = sourceOf(bytes, file);
  const { modelTopology: topology, weightsManifest, signature, userDefinedMetadata: more } = parsed(source);
  const weights = readWeights(weightsManifest, external, source);
  const builder = new Builder(channels === "first");
  if (isObject(topology) && Array.isArray(topology.node)) {
    const declared = signature ?? (isObject(more) ? more.signature : undefined);
    const model = new GraphModel(source, weights, builder, topology);
    const output = model.write(where, declared, options.output);
    return networkOf(where, builder.finish("model", known(output, channels, file)), { file });
  }
  const model = new LayersModel(source, weights, builder);
  const { name, outputs } = model.write(topology);
  const output = chosen(where, outputs, model.values, options.output, file);
  return networkOf(where, builder.finish(name, output), { file });
}

const sourceOf = (bytes: Uint8Array, file: string): Source => ({ file, text: new TextDecoder().decode(bytes) });

function parsed({ file, text }: Source): Json {
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch (error) {
    throw new FormatError(file, 0, `it is not JSON: ${(error as Error).message}`);
  }
  if (isObject(model) && isObject(model.modelTopology)) return model;
  throw new FormatError(file, 0, "it has no modelTopology: it is not a model.json of TensorFlow.js");
}

/** With channels first, it must be known whether the output has channels. */
function known(output: Value, channels: string, file: string): Value {
  if (output.rank !== undefined || channels === "last") return output;
  throw new UnsupportedError(
    `${file}: it does not say how many axes its output has; set the option channels to "last", or choose another output`,
  );
}

function chosen(
  where: string,
  outputs: readonly Value[],
  layers: ReadonlyMap<string, Value>,
  wanted: string | undefined,
  file: string,
): Value {
  if (wanted === undefined && outputs.length === 1) return outputs[0];
  const found = layers.get((wanted ?? "").replaceAll("/", "."));
  if (found !== undefined) return found;
  const names = [...layers].flatMap(([name, value]) => (outputs.includes(value) ? [name] : [])).join(", ");
  if (wanted !== undefined) return refuse(where, "output", wanted, `one of ${names}, or another layer's name`);
  throw new UnsupportedError(`${file}: it has ${outputs.length} outputs; choose one of ${names} as the option output`);
}
