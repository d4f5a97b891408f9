// PyTorch's own samples of its operations: values, and slopes by every float input; of the kept samples, or of all in the
// file that OP_DB names (`npm run op-db`).
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { decode, type EncodedTensor, type GoldenTensor, isEncoded } from "../goldens/load.js";
import { Given, Missing, OPERATIONS, type Value } from "./op-db.js";
import * as td from "./tidu.js";

interface Case {
  readonly name: string;
  readonly op: string;
  readonly type: "f32" | "i32" | "bool";
  readonly input: unknown;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly EncodedTensor[];
  readonly slopes: readonly (EncodedTensor | null)[];
  readonly float32: number;
}

const path = process.env.OP_DB ?? new URL("../goldens/op-db.json.gz", import.meta.url);
const [, ...lines] = gunzipSync(readFileSync(path)).toString().split("\n");
const cases = lines.map((line) => JSON.parse(line) as Case);
const all = process.env.OP_DB !== undefined;

/** Roundings of an operation, in units of the largest value; more only where PyTorch's own float32 is as far, which whole numbers become there. */
const toleranceOf = ({ type, float32 }: Case): number => Math.max(type === "f32" ? 5e-6 : 2e-5, 4 * float32);

const device = new td.WasmDevice({ threads: 1 });
td.setDevice(device);
afterAll(() => device.close());

/** An argument of JSON; the float tensors that are met are noted. */
function revived(value: unknown, floats: td.Tensor[]): Value {
  if (Array.isArray(value)) return value.map((v) => revived(v, floats));
  if (isEncoded(value)) {
    const { data, shape, bool } = decode(value);
    const t = td.tensor(data as Float32Array, shape);
    if (bool) return t.to("bool");
    if (t.dtype === "f32") floats.push(t);
    return t;
  }
  if (value !== null && typeof value === "object") {
    if ("number" in value) return Number(value.number);
    if ("type" in value) return value.type;
  }
  return value;
}

const TYPES = {
  ...{ f32: "float", f16: "float", bf16: "float", f64: "float" },
  ...{ i32: "int", u8: "int", i64: "int", bool: "bool" },
} as const;
const typeOf = (t: GoldenTensor): string => (t.bool ? "bool" : t.data instanceof Int32Array ? "int" : "float");

/** Where two lists of numbers differ, or undefined; NaN is NaN, and infinite is infinite. */
function difference(found: ArrayLike<number>, golden: ArrayLike<number>, tolerance: number): string | undefined {
  const scale = Array.from(golden).reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 1e-3);
  for (let i = 0; i < golden.length; i++) {
    const [a, b] = [found[i], golden[i]];
    if (Object.is(a, b) || a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!(Math.abs(a - b) <= tolerance * scale)) return `[${i}] is ${a}, PyTorch has ${b}`;
  }
  return undefined;
}

/** What is wrong with a case, if anything. */
async function compare(golden: Case): Promise<string | undefined> {
  const floats: td.Tensor[] = [];
  const input = revived(golden.input, floats);
  const args = golden.args.map((v) => revived(v, floats));
  const named = Object.fromEntries(Object.entries(golden.kwargs).map(([k, v]) => [k, revived(v, floats)]));
  const given = new Given(golden.type, args, named);
  const result = await OPERATIONS[golden.op](input, given);
  given.finish();
  const outputs = [result].flat() as td.Tensor[];
  if (outputs.length !== golden.outputs.length)
    return `${outputs.length} results, PyTorch has ${golden.outputs.length}`;
  const tolerance = toleranceOf(golden);
  for (const [i, y] of outputs.entries()) {
    const want = decode(golden.outputs[i]);
    if (String(y.shape) !== String(want.shape)) return `result ${i} has shape [${y.shape}], PyTorch's [${want.shape}]`;
    if (TYPES[y.dtype] !== typeOf(want))
      types.add(`${golden.op} of ${golden.type}: ${y.dtype}, PyTorch's ${typeOf(want)}`);
    if (golden.op === "topk" && golden.type === "i32" && i === 1) continue; // which of equal numbers is first, PyTorch does not say
    const off = difference(await y.data(), want.data, tolerance);
    if (off !== undefined) return `result ${i} ${off}`;
  }
  if (golden.slopes.every((s) => s === null)) return undefined;
  const costs = outputs
    .filter((y) => y.dtype === "f32")
    .map((y) => {
      const shares = Float32Array.from({ length: y.size }, (_, i) => Math.sin(i) + 2);
      return y.mul(td.tensor(shares, y.shape)).sum();
    });
  const slopes = td.grad(
    costs.reduce((a, b) => a.add(b)),
    floats,
  );
  for (const [i, s] of golden.slopes.entries()) {
    if (s === null) continue;
    const off = difference(await slopes[i].data(), decode(s).data, tolerance);
    if (off !== undefined) return `slope ${i} ${off}`;
  }
  return undefined;
}

const left: Record<string, number> = {};
const wrong: string[] = [];
/** Where a result's type is another one: its values are compared all the same. */
const types = new Set<string>();
const counts: Record<string, { agree: number; left: number; wrong: number }> = {};

function report(): string {
  const total = (key: "agree" | "left" | "wrong") => Object.values(counts).reduce((n, row) => n + row[key], 0);
  const rows = Object.entries(counts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([op, row]) => `| \`${op}\` | ${row.agree} | ${row.wrong} | ${row.left} |`);
  const reasons = Object.entries(left).map(([why, n]) => `- \`${why.replace(": ", "`: ")} (${n})`);
  return `# PyTorch's samples of its operations

Made by \`npm run op-db\`: every sample of \`torch.testing._internal.common_methods_invocations.op_db\` for each operation of
\`op-db.ts\`, in f32, i32 and bool; values and, in f32, slopes by every float input. ${total("agree")} agree, ${total("wrong")} do
not, ${total("left")} are left out, for the reasons below. Samples that are empty, complex or without a derivative in PyTorch
are not counted.

| operation | agree | do not | left out |
| --- | --: | --: | --: |
${rows.join("\n")}

## Left out

${reasons.sort().join("\n")}
`;
}

test("every operation of the table has samples", () => {
  const seen = new Set(cases.map((c) => c.op));
  expect(Object.keys(OPERATIONS).filter((op) => !seen.has(op))).toEqual([]);
});

test("values and slopes are PyTorch's", { timeout: all ? 3_600_000 : 120_000 }, async () => {
  for (const golden of cases) {
    const row = (counts[golden.op] ??= { agree: 0, left: 0, wrong: 0 });
    try {
      const off = await compare(golden);
      row[off === undefined ? "agree" : "wrong"]++;
      if (off !== undefined) wrong.push(`${golden.name}: ${off}`);
    } catch (error) {
      if (error instanceof Missing) {
        row.left++;
        const why = `${golden.op}: ${error.message}`;
        left[why] = (left[why] ?? 0) + 1;
      } else {
        row.wrong++;
        wrong.push(`${golden.name}: ${(error as Error).message.split("\n")[0]}`);
      }
    }
  }
  if (all) writeFileSync(new URL("op-db.md", import.meta.url), report());
  expect(wrong).toEqual([]);
});

test.runIf(!all)("samples are left out only for these reasons", () => {
  expect(left).toMatchInlineSnapshot(`
    {
      "__getitem__: an index is a number or a range: gather takes tensors": 27,
      "add: there is no alpha": 4,
      "add: truths are no numbers: to() makes them some": 10,
      "all: a single number has no axes": 6,
      "amax: a single number has no axes": 9,
      "amin: a single number has no axes": 9,
      "any: a single number has no axes": 6,
      "arange: numbers are no truths": 1,
      "arange: what a rule makes is f32: to() makes it another type": 10,
      "argmax: a single number has no axes": 4,
      "argmin: a single number has no axes": 4,
      "atan2: truths are no numbers: to() makes them some": 8,
      "bincount: bincount has no weights": 4,
      "clamp: clip has two limits: maximum, minimum": 4,
      "constant_pad_nd: truths are no numbers: to() makes them some": 10,
      "cumprod: a single number has no axes": 2,
      "cumprod: there is no dtype": 2,
      "cumsum: a single number has no axes": 2,
      "cumsum: there is no dtype": 2,
      "div.no_rounding_mode: truths are no numbers: to() makes them some": 8,
      "eye: what a rule makes is f32: to() makes it another type": 20,
      "float_power: truths are no numbers: to() makes them some": 8,
      "gather: indices have the shape of x but for the axis": 6,
      "index_select: a single number has no axes": 3,
      "linalg.vector_norm: a single number has no axes": 1,
      "linalg.vector_norm: an order is a number above 0, or infinite": 3,
      "linspace: what a rule makes is f32: to() makes it another type": 10,
      "log_softmax: a single number has no axes": 1,
      "logsumexp: a single number has no axes": 4,
      "mT: a vector has no two axes": 3,
      "masked_fill: truths are no numbers: to() makes them some": 5,
      "max.reduction_with_dim: a single number has no axes": 6,
      "mean: a single number has no axes": 3,
      "meshgrid.list_of_tensors: axes are vectors": 24,
      "meshgrid.variadic_tensors: axes are vectors": 24,
      "min.reduction_with_dim: a single number has no axes": 6,
      "mul: truths are no numbers: to() makes them some": 8,
      "narrow: a start is a number": 9,
      "nn.functional._scaled_dot_product_attention: attention does not give its weights": 2,
      "nn.functional._scaled_dot_product_attention: it is random": 4,
      "nn.functional.avg_pool1d: means are f32": 8,
      "nn.functional.avg_pool2d: a mean is divided by its elements": 4,
      "nn.functional.avg_pool2d: means are f32": 7,
      "nn.functional.avg_pool3d: a mean is divided by its elements": 4,
      "nn.functional.avg_pool3d: means are f32": 7,
      "nn.functional.binary_cross_entropy_with_logits: there are weights of columns only": 2,
      "nn.functional.conv1d: parameters are f32": 10,
      "nn.functional.conv2d: parameters are f32": 10,
      "nn.functional.conv_transpose1d: parameters are f32": 10,
      "nn.functional.conv_transpose2d: parameters are f32": 10,
      "nn.functional.conv_transpose3d: parameters are f32": 2,
      "nn.functional.cosine_embedding_loss: pairs are [n, features]": 9,
      "nn.functional.embedding: an embedding has no max_norm": 2,
      "nn.functional.embedding: an embedding has no padding_idx": 2,
      "nn.functional.embedding: an embedding has no scale_grad_by_freq": 1,
      "nn.functional.gelu: gelu is exact": 4,
      "nn.functional.group_norm: what is added to a variance is above 0": 1,
      "nn.functional.hardtanh: limits that are not whole make f32": 5,
      "nn.functional.instance_norm: there are no running statistics of single samples": 8,
      "nn.functional.kl_div: kl is of samples": 2,
      "nn.functional.layer_norm: what is added to a variance is above 0": 1,
      "nn.functional.nll_loss: nll has no weights": 6,
      "nn.functional.nll_loss: nll leaves no samples out": 2,
      "nn.functional.nll_loss: nll takes [n, classes]": 1,
      "nn.functional.one_hot: the number of classes is told": 2,
      "nn.functional.pad.circular: pads are not negative: slice": 2,
      "nn.functional.pad.circular: truths are no numbers: to() makes them some": 2,
      "nn.functional.pad.constant: truths are no numbers: to() makes them some": 10,
      "nn.functional.pad.reflect: pads are not negative: slice": 1,
      "nn.functional.pad.replicate: pads are not negative: slice": 1,
      "nn.functional.poisson_nll_loss: poisson leaves out what does not depend on the output": 12,
      "nn.functional.smooth_l1_loss: it is the Huber loss over its delta": 2,
      "nn.functional.softplus: softplus has no options": 2,
      "nn.functional.triplet_margin_loss: the negative stays": 2,
      "norm.inf: an order is a number above 0, or infinite": 1,
      "norm: an order is a number above 0, or infinite": 6,
      "ones: what a rule makes is f32: to() makes it another type": 4,
      "prod: a single number has no axes": 3,
      "scatter: indices have the shape of x but for the axis": 11,
      "scatter: scatter puts, scatterAdd adds": 10,
      "scatter_add: indices have the shape of x but for the axis": 8,
      "scatter_add: truths are no numbers: to() makes them some": 7,
      "softmax: a single number has no axes": 1,
      "split_with_sizes: no tensor is empty": 3,
      "squeeze: a single number has no axes": 3,
      "squeeze: squeeze takes an axis of size 1": 6,
      "squeeze: squeeze takes one axis": 6,
      "sub: there is no alpha": 4,
      "sum: a single number has no axes": 9,
      "t: a vector has no two axes": 6,
      "take_along_dim: indices have the shape of x but for the axis": 6,
      "topk: a single number has no axes": 6,
      "transpose: a single number has no axes": 3,
      "true_divide: truths are no numbers: to() makes them some": 8,
      "unique: unique sorts": 30,
      "zeros: what a rule makes is f32: to() makes it another type": 4,
    }
  `);
});

test.runIf(!all)("truths that are computed with are i32, powers and products f32; else types are PyTorch's", () => {
  expect([...types].sort()).toMatchInlineSnapshot(`
    [
      "amax of bool: i32, PyTorch's bool",
      "amin of bool: i32, PyTorch's bool",
      "clamp_max of bool: i32, PyTorch's bool",
      "clamp_min of bool: i32, PyTorch's bool",
      "cumprod of i32: f32, PyTorch's int",
      "einsum of i32: f32, PyTorch's int",
      "max.reduction_no_dim of bool: i32, PyTorch's bool",
      "max.reduction_with_dim of bool: i32, PyTorch's bool",
      "maximum of bool: i32, PyTorch's bool",
      "min.reduction_no_dim of bool: i32, PyTorch's bool",
      "min.reduction_with_dim of bool: i32, PyTorch's bool",
      "minimum of bool: i32, PyTorch's bool",
      "nn.functional.one_hot of i32: f32, PyTorch's int",
      "outer of bool: i32, PyTorch's bool",
      "pow of i32: f32, PyTorch's int",
      "prod of bool: f32, PyTorch's int",
      "prod of i32: f32, PyTorch's int",
      "sign of bool: i32, PyTorch's bool",
    ]
  `);
});
