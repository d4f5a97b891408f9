// ONNX's own backend tests: a folder for each node, with a model and its inputs and outputs as files.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importOnnx } from "../../../packages/onnx/src/index.js";
import { decode, encode } from "../../../packages/onnx/src/proto/message.js";
import {
  ModelMessage,
  type ModelProto,
  TensorMessage,
  type TensorProto,
  type ValueInfoProto,
} from "../../../packages/onnx/src/proto/schema.js";
import { readTensor } from "../../../packages/onnx/src/proto/tensor.js";
import type { DType } from "../../../packages/tidu/src/base/dtype.js";
import { TiduError } from "../../../packages/tidu/src/base/errors.js";
import { type Tensor, tensor } from "../../../packages/tidu/src/tensor/tensor.js";

/** Types of numbers with a fraction, which are f32 here. */
const REAL: readonly string[] = ["f32", "f64", "f16", "bf16"];

/** What came of a test. */
export interface Outcome {
  readonly name: string;
  /** The types of its nodes. */
  readonly ops: readonly string[];
  /** Nothing if it passed, or why it did not. */
  readonly problem: string | undefined;
}

/** The comparison of ONNX's own runner. */
const [RELATIVE, ABSOLUTE] = [1e-3, 1e-7];

const decodeFile = (path: string): TensorProto => decode(TensorMessage, readFileSync(path), path);

/** The tensors of one set of data, by the order of the model's inputs or outputs. */
function tensors(folder: string, kind: "input" | "output"): TensorProto[] {
  const count = readdirSync(folder).filter((name) => name.startsWith(`${kind}_`)).length;
  return Array.from({ length: count }, (_, i) => decodeFile(join(folder, `${kind}_${i}.pb`)));
}

/** NumPy has no such type: the files hold its bits as whole numbers. */
const BFLOAT16 = 16;
const FLOATS = [1, 10, 11, 16];

function toTensor(proto: TensorProto): Tensor {
  const { data, shape, dtype } = readTensor(proto, "the input");
  const kind: DType = REAL.includes(dtype) ? "f32" : dtype === "bool" ? "bool" : "i32";
  const clamped = Array.from<number | bigint, number>(data, (v) =>
    kind === "i32" ? Math.min(Math.max(Number(v), -(2 ** 31)), 2 ** 31 - 1) : Number(v),
  );
  return tensor(kind === "f32" ? Float32Array.from(clamped) : Int32Array.from(clamped), [...shape], kind);
}

/** The model, some of whose inputs the file itself gives: sizes and axes must be known before anything is computed. */
function withGiven(model: ModelProto, given: ReadonlyMap<string, TensorProto>): Uint8Array {
  const { graph } = model;
  if (graph === undefined) throw new Error("no graph");
  const initializer = [...graph.initializer, ...[...given].map(([name, t]) => ({ ...t, name }))];
  return encode(ModelMessage, { ...model, graph: { ...graph, initializer } });
}

/** Which inputs the file gives, from none to all; the first way that is read counts. */
const WAYS: readonly ((t: TensorProto, i: number, count: number) => boolean)[] = [
  () => false,
  (t, i) => i > 0 && !FLOATS.includes(t.data_type ?? 0),
  (t) => !FLOATS.includes(t.data_type ?? 0),
  (_, i) => i > 0,
  () => true,
];

/** Runs the test in a folder. */
export async function runBackendTest(folder: string): Promise<Outcome> {
  const name = folder.slice(folder.lastIndexOf("/") + 1);
  const bytes = readFileSync(join(folder, "model.onnx"));
  const model = decode(ModelMessage, bytes, name);
  const nodes = model.graph?.node ?? [];
  const ops = [...new Set(nodes.map(({ op_type: op = "", domain }) => (domain ? `${domain}.${op}` : op)))];
  let problem: string | undefined;
  for (let set = 0; problem === undefined && existsSync(join(folder, `test_data_set_${set}`)); set++) {
    problem = await runSet(model, join(folder, `test_data_set_${set}`), name);
  }
  return { name, ops, problem };
}

async function runSet(model: ModelProto, folder: string, name: string): Promise<string | undefined> {
  const { graph } = model;
  let first: string | undefined;
  let [inputs, outputs]: TensorProto[][] = [];
  try {
    const typed = (protos: TensorProto[], infos: readonly ValueInfoProto[] = []) =>
      protos.map((t, i) => (infos[i]?.type?.tensor_type?.elem_type === BFLOAT16 ? { ...t, data_type: BFLOAT16 } : t));
    inputs = typed(tensors(folder, "input"), graph?.input);
    outputs = typed(tensors(folder, "output"), graph?.output);
  } catch (error) {
    return `values that are no tensors: ${(error as Error).message}`;
  }
  for (const way of WAYS) {
    const given = new Map<string, TensorProto>();
    graph?.input.forEach(({ name: input = "" }, i) => {
      // No tensor is without elements, but the file may give such.
      const isEmpty = inputs[i]?.dims.includes(0);
      if (inputs[i] !== undefined && (isEmpty || way(inputs[i], i, inputs.length))) given.set(input, inputs[i]);
    });
    try {
      const bytes = withGiven(model, given);
      for (const [i, want] of outputs.entries()) {
        const output = graph?.output[i]?.name ?? "";
        const problem = await compareOutput(bytes, name, output, model, inputs, want);
        if (problem !== undefined) return problem;
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof TiduError)) return `${(error as Error).name}: ${(error as Error).stack?.slice(0, 600)}`;
      first ??= error.message;
    }
  }
  return first;
}

async function compareOutput(
  bytes: Uint8Array,
  name: string,
  output: string,
  model: ModelProto,
  inputs: readonly TensorProto[],
  want: TensorProto,
): Promise<string | undefined> {
  const net = importOnnx(bytes, { file: name, output });
  const x = net.onnx.inputs.map(({ name: input }) => {
    const at = model.graph?.input.findIndex((v) => v.name === input) ?? -1;
    return toTensor(inputs[at]);
  });
  const got = await net.predict(...x);
  const expected = readTensor(want, name);
  if (String(got.shape) !== String(expected.shape))
    return `${output}: shape [${got.shape}], expected [${expected.shape}]`;
  const kind = REAL.includes(expected.dtype) ? "f32" : expected.dtype === "bool" ? "bool" : "i32";
  if (got.dtype !== kind) return `${output}: type ${got.dtype}, expected ${kind}`;
  const values = await got.data();
  for (let i = 0; i < values.length; i++) {
    const [a, b] = [values[i], Number(expected.data[i])];
    const near = Math.abs(a - b) <= ABSOLUTE + RELATIVE * Math.abs(b);
    if (!(near || Object.is(a, b) || a === b)) return `${output}[${i}]: ${a}, expected ${b}`;
  }
  return undefined;
}

/** Every test in the folder, in order. */
export async function runBackendTests(folder: string, pick = ""): Promise<Outcome[]> {
  const names = readdirSync(folder).filter((name) => name.startsWith("test_") && name.includes(pick));
  const outcomes: Outcome[] = [];
  for (const name of names.sort()) outcomes.push(await runBackendTest(join(folder, name)));
  return outcomes;
}
