// Makes a network from an ONNX file.
import { FormatError, type Tensor, UnsupportedError } from "tidu";
import { BYTES, check, checkOptions, refuse, text } from "tidu/internal";
import { decode } from "../proto/message.js";
import { type GraphProto, ModelMessage, type ModelProto, type ValueInfoProto } from "../proto/schema.js";
import type { ExternalData } from "../proto/tensor.js";
import { isStandard, stepsOf } from "./build.js";
import { Members } from "./members.js";
import { type Declared, OnnxModule, type Step } from "./module.js";
import { Scope } from "./scope.js";

/** The versions of ONNX's operators that are read. */
const OLDEST = 1;
const NEWEST = 25;

/** Whether bytes begin as JSON, as no model of ONNX does: in protobuf a group would begin so. */
export const isJson = (bytes: Uint8Array): boolean => /^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)));

/** Options of `importOnnx`. */
export interface ImportOptions {
  /** Names the file in errors. Default "the model". */
  readonly file?: string;
  /**
   * The network's output: one of the graph's outputs (needed where it has several), or the output of any node, as for
   * features in the middle of a network.
   */
  readonly output?: string;
  /** The bytes of the model's files of weights, by their names in the model; `loadOnnx` reads them itself. */
  readonly external?: ExternalData;
}

/**
 * A network from the bytes of an ONNX file (up to opset 25), as PyTorch's and Keras' exporters write them. Convolutions,
 * products with a matrix, normalizations, pools and activations become layers of `nn`, everything else operations of
 * tensors; initializers become parameters. The batch dimension is dynamic, whatever the file says. The inputs are those
 * that the output needs, in the file's order.
 *
 * @throws FormatError, with the byte at which the fault shows, if the bytes are not a valid ONNX file;
 *   UnsupportedError, which names all unsupported operators; ArgumentError if `output` is not a value of the graph.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "tidu";
 * import { exportOnnx, importOnnx } from "@tidu/onnx";
 *
 * const net = importOnnx(await exportOnnx(nn.linear(4, 2), [4]));
 * console.log((await net.predict(zeros([3, 4]))).shape); // [3, 2]
 * ```
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions = {}): OnnxModule {
  check("importOnnx", "bytes", bytes, BYTES);
  checkImport("importOnnx", options);
  return networkOf("importOnnx", bytes, options);
}

/** Bytes of other files by their names. */
export const EXTERNAL = {
  says: "a map of bytes by the names of files",
  ok: (v: unknown) => v instanceof Map && [...v.values()].every((bytes) => bytes instanceof Uint8Array),
};

/** Throws ArgumentError for a wrong option. */
export const checkImport = (where: string, options: ImportOptions | undefined): void =>
  checkOptions(where, options, {
    ...(where === "importOnnx" ? { file: text } : {}),
    output: text,
    external: EXTERNAL,
  });

/** The same, given the function's name for errors. */
export function networkOf(where: string, bytes: Uint8Array, options: ImportOptions): OnnxModule {
  const { file = "the model", external = new Map() } = options;
  const model = modelOf(bytes, file);
  const { graph } = model;
  if (graph === undefined) throw new FormatError(file, bytes.length, "it has no graph: it is not an ONNX model");
  const opset = opsetOf(model, file);
  if (graph.sparse_initializer.length > 0)
    throw new UnsupportedError(`${file}: byte ${graph.at}: it has sparse weights; export it with dense ones`);
  const members = new Members();
  const scope = new Scope({ file, external, opset, members }, graph);
  const output = outputOf(where, graph, options.output, file);
  const steps = stepsOf(scope, [output.name]);
  const inputs = inputsOf(graph, scope, steps, output);
  checkOrder(graph, steps, scope, inputs, output, file);
  const constant = scope.given(output.name);
  const given = new Map<string, Tensor>(constant && [[output.name, scope.tensor(constant)]]);
  return new OnnxModule({ name: graph.name ?? "", inputs, output }, steps, given, members.all);
}

/** The model in the bytes of a file. */
export function modelOf(bytes: Uint8Array, file: string): ModelProto {
  if (isJson(bytes)) {
    throw new FormatError(file, 0, "it is a JSON file, such as TensorFlow.js' model.json; use loadTfjs or importTfjs");
  }
  return decode(ModelMessage, bytes, file);
}

function opsetOf({ opset_import: sets }: ModelProto, file: string): number {
  const set = sets.find(({ domain }) => isStandard(domain));
  // A file with only operators of another domain, such as ai.onnx.ml, need not give a version.
  const version = set?.version ?? (sets.length > 0 ? NEWEST : 1);
  if (version >= OLDEST && version <= NEWEST) return version;
  throw new UnsupportedError(
    `${file}: byte ${set?.at ?? 0}: it has opset ${version}; export it again with one from ${OLDEST} to ${NEWEST}`,
  );
}

/** The inputs that are used; all if none is. */
function inputsOf({ input }: GraphProto, scope: Scope, steps: readonly Step[], output: Declared): Declared[] {
  const open = input.filter(({ name }) => scope.given(name ?? "") === undefined);
  const used = new Set(steps.flatMap(({ inputs }) => inputs));
  const needed = open.filter(({ name }) => used.has(name) || name === output.name);
  return (needed.length > 0 ? needed : open).map(declared);
}

function outputOf(where: string, { at, node, output }: GraphProto, wanted: string | undefined, file: string): Declared {
  const names = output.map(({ name }) => name).join(", ");
  const found = output.filter(({ name }) => wanted === undefined || name === wanted);
  if (found.length === 1) return declared(found[0]);
  if (wanted !== undefined) {
    if (node.some((n) => n.output.includes(wanted))) return { name: wanted, shape: undefined, dtype: undefined };
    return refuse(where, "output", wanted, `one of ${names}, or what a node of the graph gives`);
  }
  throw new UnsupportedError(
    `${file}: byte ${at}: it has ${output.length} outputs; choose one of ${names} as the option output`,
  );
}

const FLOATS = [1, 10, 11, 16];
const BOOL = 9;
const INTEGERS = [2, 3, 4, 5, 6, 7, 12, 13, 21, 22];

function declared({ name = "", type }: ValueInfoProto): Declared {
  const dims = type?.tensor_type?.shape?.dim;
  const code = type?.tensor_type?.elem_type ?? 0;
  const dtype = FLOATS.includes(code) ? "f32" : code === BOOL ? "bool" : INTEGERS.includes(code) ? "i32" : undefined;
  return {
    name,
    dtype,
    shape: dims?.map(({ dim_value: size }) => (size !== undefined && size > 0 ? size : undefined)),
  };
}

/** Every value must be made before it is used. */
function checkOrder(
  { at }: GraphProto,
  steps: readonly Step[],
  scope: Scope,
  inputs: readonly Declared[],
  output: Declared,
  file: string,
): void {
  const made = new Set(inputs.map(({ name }) => name));
  for (const { label, at, inputs, outputs } of steps) {
    const missing = inputs.find((x) => typeof x === "string" && !made.has(x));
    if (missing !== undefined) {
      throw new FormatError(file, at, `${label} uses ${JSON.stringify(missing)}, which no node before it makes`);
    }
    for (const name of outputs) made.add(name);
  }
  if (!made.has(output.name) && scope.given(output.name) === undefined) {
    throw new FormatError(file, at, `no node makes the output ${JSON.stringify(output.name)} from the input`);
  }
}
