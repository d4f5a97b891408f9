import type { nn } from "tidu";
import {
  checkNet,
  checkOptions,
  checkShape,
  type Fields,
  type Node,
  oneOrMore,
  type Shape,
  text,
  words,
} from "tidu/internal";
import { encode } from "../proto/message.js";
import { ModelMessage, type ValueInfoToWrite } from "../proto/schema.js";
import { elementType } from "../proto/tensor.js";
import { writeNodes } from "./nodes.js";
import { type Traced, trace } from "./trace.js";
import { Values } from "./values.js";
import { GraphWriter } from "./writer.js";

/** The version of ONNX's file format that is written; of its operators, version 17. */
const IR_VERSION = 8;
const OPSET = 17;

export interface ExportOptions {
  /** Name of the graph in the file. Default "network". */
  readonly name?: string;
  /** Type of the input's elements: "i32" for networks that begin with an embedding. Default "f32". */
  readonly dtype?: "f32" | "i32";
  /** Fixes the number of samples; by default it is free. */
  readonly batchSize?: number;
}

/**
 * A network as the bytes of an ONNX file (IR version 8, opset 17) whose input is [batch, …inputShape], in evaluation:
 * no dropout, running means. Layers become ONNX's own, such as Conv and Gemm; what a network of one's own does between
 * them becomes the operations that it is made of. Parameters are initializers under their names in `state()`.
 *
 * @param inputShape shape of one sample, without the batch axis.
 * @throws ArgumentError if `batchSize` is not a whole number of at least 1; UnsupportedError where the network does
 *   what ONNX has no form of.
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

const OPTIONS: Fields = { name: text, dtype: words("f32", "i32"), batchSize: oneOrMore };

/** The same, for the function that errors are to name. */
export async function bytesOf(
  where: string,
  net: nn.Module,
  inputShape: Shape,
  options: ExportOptions = {},
): Promise<Uint8Array> {
  checkNet(where, net);
  checkShape(where, inputShape, "inputShape");
  checkOptions(where, options, OPTIONS);
  const { name = "network", dtype = "f32", batchSize } = options;
  const traced = trace(net, inputShape, dtype, batchSize);
  const graph = new GraphWriter();
  const input = graph.unique("input");
  const output = writeNodes(traced, await Values.read(net, traced, graph), graph, input);
  return encode(ModelMessage, {
    ir_version: IR_VERSION,
    producer_name: "tidu",
    opset_import: [{ domain: "", version: OPSET }],
    graph: {
      name,
      node: graph.nodes,
      initializer: graph.initializers,
      input: [describe(input, traced.input, traced)],
      output: [describe(output, traced.output, traced)],
    },
  });
}

/** How the input or output is declared: free sizes have names or none. */
function describe(name: string, node: Node, { sizes, isBatch }: Traced): ValueInfoToWrite {
  const free = (axis: number) => (isBatch(node, axis) ? { dim_param: "batch" } : {});
  const dim = sizes(node).map((size, axis) => (size === -1 ? free(axis) : { dim_value: size }));
  return { name, type: { tensor_type: { elem_type: elementType(node.dtype), shape: { dim } } } };
}
