// Writes a network as an ONNX file.
import { type nn, UnsupportedError } from "tidu";
import {
  checkNet,
  checkOptions,
  checkShape,
  type Fields,
  isHalf,
  type Node,
  oneOrMore,
  recordOf,
  type Shape,
  text,
  whole,
  words,
} from "tidu/internal";
import { encode } from "../proto/message.js";
import { ModelMessage, type ValueInfoToWrite } from "../proto/schema.js";
import { elementType } from "../proto/tensor.js";
import { MEANING, type Meaning, writeMeaning } from "./meaning.js";
import { writeNodes } from "./nodes.js";
import { RAW_INPUTS, type RawInput, writeRaw } from "./raw.js";
import { type Traced, trace } from "./trace.js";
import { Values } from "./values.js";
import { GraphWriter, ML } from "./writer.js";

/** Versions of ONNX's operators that can be written, and the versions of its file format that came with them. */
const IR_VERSIONS: ReadonlyMap<number, number> = new Map([
  [13, 7],
  [14, 7],
  [15, 8],
  [16, 8],
  [17, 8],
  [18, 8],
  [19, 9],
  [20, 9],
  [21, 10],
]);
const OPSETS = [...IR_VERSIONS.keys()];

/** Options of `exportOnnx`. */
export interface ExportOptions {
  /** Name of the graph in the file. Default "network". */
  readonly name?: string;
  /** Type of the input's elements: "i32" for networks that begin with an embedding. Default "f32". */
  readonly dtype?: "f32" | "i32";
  /** Fixes the number of samples; by default the batch dimension is dynamic. */
  readonly batchSize?: number;
  /** Version of ONNX's operators, 13 to 21. Default 17. */
  readonly opset?: number;
  /**
   * Raw values from which the file computes the network's input; each is a named input. Default: one input "input", as
   * the network takes it.
   */
  readonly inputs?: readonly RawInput[];
  /**
   * The meaning of the network's scores. For classes, the outputs become "label" [batch] (text) and "probabilities"
   * [batch, classes]; for values, "values" [batch, values] in their own units. Default: "output", the network's own
   * output.
   */
  readonly outputs?: Meaning;
  /** Texts to store in the file (`metadata_props`), such as the names of the classes. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A network as the bytes of an ONNX file (opset 17) whose input is [batch, …inputShape], at inference: no dropout,
 * running means and variances. Layers become ONNX's own, such as Conv and Gemm; operations of your own network become
 * the operations that they are made of. Parameters are initializers under their names in `state()`.
 *
 * @param inputShape shape of one sample, without the batch axis.
 * @throws ArgumentError for an option out of range, and inputs or outputs that do not fit the network; UnsupportedError
 *   where ONNX has no form for an operation of the network.
 *
 * @example
 * ```ts
 * import { nn } from "tidu";
 * import { exportOnnx } from "@tidu/onnx";
 *
 * const bytes = await exportOnnx(nn.linear(4, 2), [4]);
 * console.log(bytes.length > 0); // true
 * ```
 */
export const exportOnnx = (net: nn.Module, inputShape: Shape, options: ExportOptions = {}): Promise<Uint8Array> =>
  bytesOf("exportOnnx", net, inputShape, options);

const OPTIONS: Fields = {
  name: text,
  dtype: words("f32", "i32"),
  batchSize: oneOrMore,
  opset: whole(OPSETS[0], OPSETS.at(-1)),
  inputs: RAW_INPUTS,
  outputs: MEANING,
  metadata: recordOf(text),
};

/** The same, given the function's name for errors. */
export async function bytesOf(
  where: string,
  net: nn.Module,
  inputShape: Shape,
  options: ExportOptions = {},
): Promise<Uint8Array> {
  checkNet(where, net);
  checkShape(where, inputShape, "inputShape");
  checkOptions(where, options, OPTIONS);
  const { name = "network", dtype = "f32", batchSize, opset = 17, inputs, outputs, metadata = {} } = options;
  const traced = trace(net, inputShape, dtype, batchSize);
  const wide = traced.order.find(({ dtype }) => dtype === "f64" || dtype === "i64");
  if (wide !== undefined)
    throw new UnsupportedError(
      `${where}: the network computes in ${wide.dtype}, which is not written; use to("f32") before`,
    );
  const graph = new GraphWriter(opset);
  const raw = inputs === undefined ? undefined : writeRaw(where, inputs, inputShape, graph, batchSize);
  const input = raw?.input ?? graph.unique("input");
  const value = writeNodes(traced, await Values.read(net, traced, graph), graph, input);
  const meant =
    outputs === undefined ? undefined : writeMeaning(where, outputs, value, traced.output.shape, graph, batchSize);
  return encode(ModelMessage, {
    ir_version: IR_VERSIONS.get(opset),
    producer_name: "tidu",
    opset_import: [
      { domain: "", version: opset },
      ...(graph.nodes.some(({ domain }) => domain === ML) ? [{ domain: ML, version: 1 }] : []),
    ],
    graph: {
      name,
      node: graph.nodes,
      initializer: graph.initializers,
      input: raw?.declared ?? [describe(input, traced.input, traced)],
      output: meant ?? [describe(graph.finish(value), traced.output, traced)],
    },
    metadata_props: Object.entries(metadata).map(([key, text]) => ({ key, value: text })),
  });
}

/** How the input or output is declared: free sizes have names or none. */
function describe(name: string, node: Node, { sizes, isBatch }: Traced): ValueInfoToWrite {
  const free = (axis: number) => (isBatch(node, axis) ? { dim_param: "batch" } : {});
  const dim = sizes(node).map((size, axis) => (size === -1 ? free(axis) : { dim_value: size }));
  return {
    name,
    type: { tensor_type: { elem_type: elementType(isHalf(node.dtype) ? "f32" : node.dtype), shape: { dim } } },
  };
}
