// Trained networks as WebAssembly modules that are compiled ahead of time, for places that forbid compiling at run
// time.
import { checkOptions, oneOrMore, text, words } from "../base/check.js";
import { checkShape, formatShape, type Shape, sizeOf } from "../base/shape.js";
import { generateStandaloneModule } from "../codegen/wasm/standalone.js";
import { makeStorage } from "../graph/node.js";
import { forwardIn } from "../nn/forward.js";
import { checkNet, type Module } from "../nn/module.js";
import { Tensor } from "../tensor/tensor.js";
import { trace } from "../tensor/trace.js";
import { partsOf, programOf, resultOf } from "./ahead.js";

/** Options of `predictWasm`. */
export interface WasmFileOptions {
  /** Samples in a call. Default 1. */
  readonly batchSize?: number;
  /** The module's file name; the loader opens it in its own folder. Default "network.wasm". */
  readonly file?: string;
  /** Type of the input: "i32" for networks that take whole numbers, such as words. Default "f32". */
  readonly dtype?: "f32" | "i32";
}

/** The result of `predictWasm`. */
export interface WasmFile {
  /** The content of the module's file, with the network's weights. */
  readonly module: Uint8Array<ArrayBuffer>;
  /** The text of a JavaScript module without imports: `load` and `instantiate` give the function `predict`. */
  readonly loader: string;
}

const OPTIONS = { batchSize: oneOrMore, file: text, dtype: words("f32", "i32") };

/**
 * A network as a WebAssembly module that is compiled ahead of time, and a small loader beside it. Neither needs Tidu,
 * and nothing is generated at run time, which Cloudflare Workers and the strictest Content-Security-Policies forbid. It
 * runs on one thread. Its results are bit-identical to those of a `portable` device.
 *
 * @param inputShape shape of one sample.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 * import { predictWasm } from "tidu/native";
 *
 * const { module, loader } = await predictWasm(nn.linear(4, 2), [4]);
 * console.log(WebAssembly.validate(module) && loader.includes("export async function load")); // true
 * ```
 */
export async function predictWasm(net: Module, inputShape: Shape, options: WasmFileOptions = {}): Promise<WasmFile> {
  checkNet("predictWasm", net);
  checkShape("predictWasm", inputShape, "inputShape");
  checkOptions("predictWasm", options, OPTIONS);
  const { batchSize = 1, file = "network.wasm", dtype: given = "f32" } = options;
  const input = makeStorage([batchSize, ...inputShape], given);
  const traced = trace((mine) => [resultOf(forwardIn(net, false, [new Tensor(mine.input(input))]))]);
  const [{ shape, dtype }] = traced.result;
  const output = makeStorage(shape, dtype);
  const program = programOf("predictWasm", traced, [output]);
  const parts = await partsOf(program, traced, net, [input, output]);
  const contents = new Map(parts.map(({ storage, data }) => [storage, data]));
  const { bytes, table, places, pages } = generateStandaloneModule(program, contents);
  const loader = loaderText({
    file,
    inputShape: input.shape,
    outputShape: shape,
    from: ARRAYS[given],
    array: ARRAYS[dtype as keyof typeof ARRAYS],
    pages,
    table,
    input: places.get(input) ?? 0,
    output: places.get(output) ?? 0,
  });
  return { module: bytes, loader };
}

/** The array type of outputs; booleans are 32 bits, all ones where true. */
const ARRAYS = { f32: "Float32Array", i32: "Int32Array", bool: "Int32Array", u8: "Uint8Array" } as const;

interface Layout {
  readonly file: string;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Names of the typed arrays of the input, and of the output. */
  readonly from: string;
  readonly array: string;
  readonly pages: number;
  readonly table: number;
  /** Addresses. */
  readonly input: number;
  readonly output: number;
}

const loaderText = ({ file, inputShape, outputShape, from, array, pages, table, input, output }: Layout): string => {
  const [inputs, outputs] = [formatShape(inputShape), formatShape(outputShape)];
  return `// A trained network. It runs ${file}, which lies beside this file, and needs nothing else.
//
// Node, Deno, Bun and pages:
//   import { load } from "./${file.replace(/\.wasm$/, ".mjs")}";
//   const predict = await load();
// Where modules come compiled, as in Cloudflare Workers:
//   import module from "./${file}";
//   const predict = instantiate(module);
//
// predict(input) takes ${sizeOf(inputShape)} numbers, ${inputs} with the last axis fastest, and returns a new ${array}, ${outputs}.

/**
 * @param {WebAssembly.Module} module ${file}, compiled
 * @returns {(input: ArrayLike<number>) => ${array}}
 */
export function instantiate(module) {
  const memory = new WebAssembly.Memory({ initial: ${pages}, maximum: ${pages} });
  const { run } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const input = new ${from}(memory.buffer, ${input}, ${sizeOf(inputShape)});
  const output = new ${array}(memory.buffer, ${output}, ${sizeOf(outputShape)});
  return function predict(numbers) {
    if (numbers?.length !== input.length)
      throw new RangeError(\`predict: the input has \${numbers?.length} numbers; give it \${input.length}, of shape ${inputs}\`);
    input.set(numbers);
    run(${table}, 0, 1);
    return output.slice();
  };
}

/** @param {URL | string} where the file ${file}; default: beside this file */
export async function load(where = new URL(${JSON.stringify(`./${file}`)}, import.meta.url)) {
  const url = new URL(where, import.meta.url);
  if (url.protocol !== "file:") return instantiate(await WebAssembly.compileStreaming(fetch(url)));
  const { readFile } = globalThis.process.getBuiltinModule("node:fs/promises");
  return instantiate(await WebAssembly.compile(await readFile(url)));
}
`;
};
