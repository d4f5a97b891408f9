import { ArgumentError, FormatError, UnsupportedError } from "tidu";
import { decode } from "../proto/message.js";
import {
  type GraphProto,
  ModelMessage,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from "../proto/schema.js";
import { type Constant, collectConstants } from "./constants.js";
import { Members } from "./members.js";
import { type Declared, OnnxModule, type Step } from "./module.js";
import { GraphNode } from "./node.js";
import { ROWS } from "./rows/index.js";

/** The versions of ONNX's operators that are read. */
const OLDEST = 7;
const NEWEST = 25;

export interface ImportOptions {
  /** Names the file in errors. Default "the model". */
  readonly file?: string;
  /** Which of the graph's outputs the network gives; needed where it has several. */
  readonly output?: string;
}

/**
 * A network from the bytes of an ONNX file (opset 7 to 25), as PyTorch's and Keras' exporters write them. Convolutions,
 * products with a matrix, normalisations, pools and activations become layers of `nn`, everything else operations of
 * tensors; initializers become parameters. The number of samples may be any, whatever the file says.
 *
 * @throws FormatError, with the byte at which it shows, if the bytes are not a valid ONNX file; UnsupportedError, which
 *   names the node and what there is, for operators that Tidu lacks; ArgumentError if `output` is not one of the graph's.
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions = {}): OnnxModule {
  const { file = "the model" } = options;
  const model = decode(ModelMessage, bytes, file);
  const { graph } = model;
  if (graph === undefined) throw new FormatError(file, bytes.length, "it has no graph: it is not an ONNX model");
  const opset = opsetOf(model, file);
  if (graph.sparse_initializer.length > 0)
    throw new UnsupportedError(`${file}: byte ${graph.at}: it has sparse weights: save dense ones`);
  const constants = collectConstants(graph, file);
  const input = inputOf(graph, constants, file);
  const output = outputOf(graph, options.output, file);
  const members = new Members(constants);
  const steps = neededNodes(graph, output.name, constants).map((node) => stepOf(node, members, file, opset));
  checkOrder(graph, steps, input, output, file);
  return new OnnxModule({ name: graph.name ?? "", input, output }, steps, members.all);
}

const isStandard = (domain = ""): boolean => domain === "" || domain === "ai.onnx";

function opsetOf({ opset_import: sets }: ModelProto, file: string): number {
  const set = sets.find(({ domain }) => isStandard(domain));
  const version = set?.version ?? 1;
  if (version >= OLDEST && version <= NEWEST) return version;
  throw new UnsupportedError(
    `${file}: byte ${set?.at ?? 0}: it has opset ${version}: export it again with one from ${OLDEST} to ${NEWEST}`,
  );
}

function inputOf({ at, input }: GraphProto, constants: ReadonlyMap<string, Constant>, file: string): Declared {
  const open = input.filter(({ name }) => !constants.has(name ?? ""));
  if (open.length === 1) return declared(open[0]);
  const names = open.map(({ name }) => name).join(", ");
  throw new UnsupportedError(`${file}: byte ${at}: it has ${open.length} inputs (${names}); Tidu's networks have one`);
}

function outputOf({ at, output }: GraphProto, wanted: string | undefined, file: string): Declared {
  const names = output.map(({ name }) => name).join(", ");
  const found = output.filter(({ name }) => wanted === undefined || name === wanted);
  if (found.length === 1) return declared(found[0]);
  if (wanted !== undefined) {
    throw new ArgumentError(`importOnnx: output is ${JSON.stringify(wanted)}; it must be one of ${names}`);
  }
  throw new UnsupportedError(
    `${file}: byte ${at}: it has ${output.length} outputs: choose one of ${names} as the option output`,
  );
}

function declared({ name = "", type }: ValueInfoProto): Declared {
  const dims = type?.tensor_type?.shape?.dim;
  return { name, shape: dims?.map(({ dim_value: size }) => (size !== undefined && size > 0 ? size : undefined)) };
}

/** The nodes that an output is made from, in the file's order, without those that only give constants. */
function neededNodes({ node }: GraphProto, output: string, constants: ReadonlyMap<string, Constant>): NodeProto[] {
  const wanted = new Set([output]);
  const isNeeded = (n: NodeProto): boolean => n.output.some((name) => wanted.has(name) && !constants.has(name));
  return [...node]
    .reverse()
    .filter((n) => {
      const needed = isNeeded(n);
      if (needed) for (const name of n.input) wanted.add(name);
      return needed;
    })
    .reverse();
}

function stepOf(proto: NodeProto, members: Members, file: string, opset: number): Step {
  const node = new GraphNode(proto, file, opset, members);
  const row = isStandard(proto.domain) ? ROWS.get(node.op) : undefined;
  if (row === undefined) {
    const domain = isStandard(proto.domain) ? "" : ` of ${proto.domain}`;
    return node.refuse(`is of a type${domain} that Tidu lacks; it has ${[...ROWS.keys()].sort().join(", ")}`);
  }
  const apply = row(node);
  node.checkAllRead();
  const inputs = proto.input.map((name, i) => {
    if (name === "" || node.isTaken(i)) return undefined;
    const constant = members.constant(name);
    return constant === undefined ? name : members.tensor(constant);
  });
  return { label: String(node), at: proto.at, apply, inputs, outputs: proto.output.slice(0, node.results) };
}

/** Every value must be made before it is used. */
function checkOrder({ at }: GraphProto, steps: readonly Step[], input: Declared, output: Declared, file: string): void {
  const made = new Set([input.name]);
  for (const { label, at, inputs, outputs } of steps) {
    const missing = inputs.find((x) => typeof x === "string" && !made.has(x));
    if (missing !== undefined) {
      throw new FormatError(file, at, `${label} uses ${JSON.stringify(missing)}, which no node before it makes`);
    }
    for (const name of outputs) made.add(name);
  }
  if (!made.has(output.name)) {
    throw new FormatError(file, at, `no node makes the output ${JSON.stringify(output.name)} from the input`);
  }
}
