import { describe, expect, it } from "vitest";
import { exportOnnx, importOnnx } from "../../packages/onnx/src/index.js";
import { encode } from "../../packages/onnx/src/proto/message.js";
import { ModelMessage } from "../../packages/onnx/src/proto/schema.js";
import { ArgumentError, FormatError, ShapeError, UnsupportedError } from "../../packages/tidu/src/base/errors.js";
import { arange, cumprod, sort } from "../../packages/tidu/src/index.js";
import * as nn from "../../packages/tidu/src/nn/index.js";
import { windows } from "../../packages/tidu/src/nn/windows.js";
import { Generator } from "../../packages/tidu/src/tensor/random.js";
import { type Tensor, tensor, zeros } from "../../packages/tidu/src/tensor/tensor.js";
import { Custom } from "./support/custom.js";
import { onOneThread } from "./support/device.js";
import {
  constant,
  float,
  floats,
  type GraphOptions,
  int,
  ints,
  model,
  node,
  string,
  strings,
  weights,
  whole,
} from "./support/graph.js";
import { UNKNOWN_END } from "./support/rows-loops.js";

onOneThread();

const read = (bytes: Uint8Array) => importOnnx(bytes, { file: "net.onnx" });
const relu = node("Relu", ["x"], ["y"]);
const graph = (nodes: GraphOptions["nodes"], more: Partial<GraphOptions> = {}) => model({ nodes, ...more });
const conv = (attributes: Parameters<typeof node>[3], w = [2, 3, 3, 3]) =>
  graph([node("Conv", ["x", "w"], ["y"], attributes)], { initializers: [weights("w", w)] });
const whose = (parts: Parameters<typeof encode<(typeof ModelMessage)["fields"]>>[1]) => encode(ModelMessage, parts);
const withTensor = (tensor: object) =>
  graph([node("Add", ["x", "w"], ["y"])], { initializers: [{ ...weights("w", [2], [1, 2]), ...tensor }] });

describe("a file that is not valid", () => {
  it.each<[what: string, file: Uint8Array, message: RegExp]>([
    ["nothing", new Uint8Array(), /it has no graph: it is not an ONNX model$/],
    ["text", new TextEncoder().encode("<!DOCTYPE html>"), /byte \d+: it is not a protobuf message/],
    [
      "a message beyond the end",
      Uint8Array.of(0x3a, 200, 1, 0),
      /byte 3: .*a message has 200 bytes, but only 1 follow/,
    ],
    ["a length of 2^32 - 1", Uint8Array.of(0x3a, 255, 255, 255, 255, 15), /has 4294967295 bytes, but only 0 follow/],
    ["a text that is not UTF-8", badText(), /a string is not UTF-8/],
    ["a field of another type", Uint8Array.of(0x3d, 0, 0, 0, 0), /field graph has wire type 5, expected 2/],
    ["a value that nobody makes", graph([node("Relu", ["z"], ["y"])]), /Relu "the Relu of y" uses "z", which no node/],
    [
      "nodes in the wrong order",
      graph([node("Relu", ["a"], ["y"]), node("Exp", ["x"], ["a"])]),
      /uses "a", which no node/,
    ],
    ["an output that nobody makes", graph([node("Relu", ["x"], ["z"])]), /no node makes the output "y" from the input/],
    ["a result that its type does not have", graph([node("Relu", ["x"], ["a", "y"])]), /no node makes the output "y"/],
    ["too few inputs", graph([node("Add", ["x"], ["y"])]), /Add .* has 1 of the 2 inputs that it needs/],
    [
      "a term without an input",
      graph([node("Einsum", ["x", "", "x"], ["y"], { equation: string("i,i,i->i") })]),
      /Einsum .* has 2 of the 3 inputs that it needs/,
    ],
    ["no window", graph([node("STFT", ["x", "x"], ["y"])]), /STFT .* has neither a window nor a frame_length/],
    [
      "an attribute of another type",
      conv({ strides: float(2) }),
      /attribute strides of Conv .* has type 1, expected 7/,
    ],
    ["strides of 0", conv({ strides: ints([0, 1]) }), /has strides \[0,1\], expected 2 numbers from 1/],
    ["too many strides", conv({ strides: ints([1, 1, 1]) }), /has strides \[1,1,1\], expected 2/],
    ["another kernel", conv({ kernel_shape: ints([3, 2]) }), /has kernel_shape \[3,2\], but weights of \[3,3\]/],
    [
      "groups that do not divide",
      conv({ group: int(4) }),
      /does not fit: conv2d: groups is 4; it must be a divisor of/,
    ],
    ["an unknown auto_pad", conv({ auto_pad: string("constructor") }), /has auto_pad constructor/],
    [
      "a bias of another size",
      graph([node("Conv", ["x", "w", "b"], ["y"])], { initializers: [weights("w", [2, 3, 1, 1]), weights("b", [3])] }),
      /does not fit: assign: value is tensor f32 \[3\]; it must be f32 \[2\]/,
    ],
    [
      "too few elements",
      withTensor({ dims: [3] }),
      /tensor "w" has shape \[3\], 3 elements of 4 bytes, but holds 8 bytes/,
    ],
    ["no elements at all", withTensor({ dims: [2 ** 50, 2 ** 50], raw_data: undefined }), /but holds 0 bytes/],
    [
      "a negative size",
      withTensor({ dims: [-2] }),
      /tensor "w" has shape \[-2\], expected at most 10 whole numbers from 0/,
    ],
    ["eleven axes", withTensor({ dims: new Array(11).fill(1) }), /expected at most 10 whole numbers/],
    ["an unknown element type", withTensor({ data_type: 23 }), /tensor "w" has element type 23, expected one of 1, 2,/],
    [
      "elements in another file",
      withTensor({ data_location: 1 }),
      /keeps its elements in the file undefined; use loadOnnx/,
    ],
  ])("is refused: %s", (_, file, message) => {
    expect(() => read(file)).toThrow(FormatError);
    expect(() => read(file)).toThrow(file.length === 0 ? /^net\.onnx: it/ : /^net\.onnx: byte \d+: /);
    expect(() => read(file)).toThrow(message);
  });

  it("says at which byte", () => {
    const bytes = withTensor({ dims: [3] });
    try {
      read(bytes);
      expect.fail("the file was accepted");
    } catch (error) {
      const { offset } = error as FormatError;
      // There the tensor begins: the first field is its shape, the whole number 3.
      expect([...bytes.subarray(offset, offset + 2)]).toEqual([0x08, 3]);
    }
  });
});

/** A graph whose name (field 2) is one byte that no text has. */
function badText(): Uint8Array {
  return Uint8Array.of(0x3a, 3, 0x12, 1, 0xff);
}

describe("a valid file that Tidu cannot read", () => {
  it.each<[what: string, file: Uint8Array, message: RegExp]>([
    [
      "an operator that it lacks",
      graph([node("RoiAlign", ["x"], ["y"])]),
      /byte \d+: Tidu does not support the type of node RoiAlign; export the model without it/,
    ],
    [
      "several operators that it lacks, naming all",
      graph([
        node("RoiAlign", ["x"], ["a"]),
        node("Unique", ["a"], ["b"]),
        node("RoiAlign", ["b"], ["c"]),
        node("TfIdfVectorizer", ["c"], ["y"]),
      ]),
      /Tidu does not support the types of nodes RoiAlign \(2 times\), Unique, TfIdfVectorizer; export/,
    ],
    [
      "an operator of somebody's own",
      graph([{ ...relu, domain: "com.example" }]),
      /Tidu does not support the type of node com\.example\.Relu/,
    ],
    [
      "a name that objects have",
      graph([node("constructor", ["x"], ["y"])]),
      /Tidu does not support the type of node constructor/,
    ],
    ["a future opset", graph([relu], { opset: 99 }), /it has opset 99/],
    [
      "two outputs",
      graph([relu, node("Exp", ["x"], ["z"])], { outputs: ["y", "z"] }),
      /has 2 outputs; choose one of y, z/,
    ],
    [
      "an attribute that it does not know",
      graph([node("Relu", ["x"], ["y"], { soft: int(1) })]),
      /has the attribute soft, which/,
    ],
    [
      "weights in whole numbers",
      graph([node("Conv", ["x", "w"], ["y"])], { initializers: [whole("w", [1, 2], [2, 1, 1, 1])] }),
      /has whole numbers as weight, "w"/,
    ],
    [
      "another Constant",
      graph([node("Constant", [], ["c"], { value_string: string("a") }), node("Add", ["x", "c"], ["y"])]),
      /must have one of the attributes value, value_float/,
    ],
    [
      "a Scan of opset 8 with lengths",
      graph([node("Scan", ["x"], ["y"], { body: UNKNOWN_END[1].attribute?.[0] ?? int(0), num_scan_inputs: int(1) })], {
        opset: 8,
      }),
      /takes sequences of different lengths, as in opset 8/,
    ],
    ...(
      [
        ["OneHotEncoder", { cats_strings: strings(["a"]) }, /has strings as categories; Tidu reads numbers/],
        ["SVMClassifier", { post_transform: string("LOGIT") }, /has post_transform LOGIT, expected NONE, LOGISTIC/],
        ["SVMClassifier", { coefficients: floats([1]), rho: floats([0]) }, /has no support vectors; export a linear/],
      ] as const
    ).map(([op, attributes, message]): [string, Uint8Array, RegExp] => [
      `${op} ${message.source}`,
      graph([{ ...node(op, ["x"], ["y"], attributes), domain: "ai.onnx.ml" }]),
      message,
    ]),
    ["complex numbers", graph([node("Cast", ["x"], ["y"], { to: int(14) })]), /makes elements of type 14/],
  ])("is refused: %s", (_, file, message) => {
    expect(() => read(file)).toThrow(UnsupportedError);
    expect(() => read(file)).toThrow(message);
  });

  it("is refused when it is used where the end of a loop depends on values", async () => {
    const net = read(graph(UNKNOWN_END));
    await expect(net.predict(tensor([1, 2]))).rejects.toThrow(UnsupportedError);
    await expect(net.predict(tensor([1, 2]))).rejects.toThrow(
      /Loop .* has a condition that the network computes; it must be a constant/,
    );
  });

  it("may be read in part: one of its outputs, and nothing that only others need", async () => {
    const file = graph([relu, node("RoiAlign", ["x"], ["z"])], { outputs: ["y", "z"] });
    const net = importOnnx(file, { output: "y" });
    expect(await (await net.predict(tensor([-1, 2]))).array()).toEqual([0, 2]);
    expect(() => importOnnx(file, { output: "w" })).toThrow(
      new ArgumentError('importOnnx: output is "w"; it must be one of y, z, or what a node of the graph gives'),
    );
  });
});

describe("a network of several inputs", () => {
  const input = ["x", "u"].map((name) => ({ name }));
  const file = whose({
    opset_import: [{ version: 17 }],
    graph: {
      node: [node("Sub", ["u", "x"], ["y"]), node("Neg", ["x"], ["z"])],
      input,
      output: [{ name: "y" }, { name: "z" }],
    },
  });

  it("takes them in the file's order, those that the output needs", async () => {
    const both = importOnnx(file, { output: "y" });
    expect(await (await both.predict(tensor([1, 2]), tensor([5, 7]))).array()).toEqual([4, 5]);
    expect(() => both.forward(tensor([1]))).toThrow(/the number of inputs is 1; it takes 2: x, u/);
    expect(await (await importOnnx(file, { output: "z" }).predict(tensor([1, 2]))).array()).toEqual([-1, -2]);
  });

  it("normalizes each element for itself where the file says spatial = 0", async () => {
    const inputs = ["x", "s", "b", "m", "v"];
    const file = graph([node("BatchNormalization", inputs, ["y"], { spatial: int(0), epsilon: float(0) })], {
      opset: 7,
      input: ["n", 2],
      initializers: [
        weights("s", [2], [1, 2]),
        weights("b", [2], [0, 1]),
        weights("m", [2], [1, 3]),
        weights("v", [2], [4, 1]),
      ],
    });
    expect(await (await importOnnx(file).predict(tensor([[5, 7]]))).array()).toEqual([[2, 9]]);
  });

  it("gives the output of any node: features in the middle", async () => {
    const deep = graph([node("Neg", ["x"], ["m"]), node("Exp", ["m"], ["y"])]);
    expect(await (await importOnnx(deep, { output: "m" }).predict(tensor([1, 2]))).array()).toEqual([-1, -2]);
  });
});

describe("an imported network refuses", () => {
  it.each<[what: string, file: Uint8Array, x: () => Tensor, message: RegExp]>([
    [
      "other inputs than the file declares",
      graph([relu], { input: ["n", 3, "w"] }),
      () => zeros([2, 4, 5]),
      /^onnx\(test\): input has shape \[2, 4, 5\], expected \[any, 3, any\]$/,
    ],
    [
      "shapes that do not fit, naming the node",
      graph([node("Add", ["x", "w"], ["y"])], { input: ["n", "m"], initializers: [weights("w", [3])] }),
      () => zeros([2, 4]),
      /^Add "the Add of y": add: shapes \[2, 4\] and \[3\] do not broadcast/,
    ],
    [
      "elements that are not there",
      graph([node("Add", ["x", "w"], ["y"])], { initializers: [weights("w", [0], [])] }),
      () => zeros([2]),
      /Add "the Add of y": it has an input without elements/,
    ],
    [
      "windows over something else",
      graph([node("MaxPool", ["x"], ["y"], { kernel_shape: ints([2, 2]), auto_pad: string("SAME_UPPER") })], {
        input: ["n", "m"],
      }),
      () => zeros([2, 4]),
      /has windows over 2 axes, but its input has the shape \[2,4\]/,
    ],
    [
      "shapes that depend on values",
      graph([node("Reshape", ["x", "x"], ["y"])]),
      () => zeros([2]),
      /has a value for shape that the network computes/,
    ],
    [
      "parts of other sizes",
      graph([node("Split", ["x", "s"], ["y", "z"])], { initializers: [whole("s", [1])] }),
      () => zeros([2]),
      /has 1 sizes for 2 outputs/,
    ],
    [
      "indices with other axes",
      graph([node("GatherElements", ["x", "i"], ["y"])], { input: ["n", "m"], initializers: [whole("i", [0], [])] }),
      () => zeros([2, 3]),
      /its indices are \[\] for an input \[2,3\]; they must have as many axes/,
    ],
    [
      "indices of more axes than there are",
      graph([node("GatherND", ["x", "i"], ["y"])], { input: ["n", "m"], initializers: [whole("i", [0, 0, 0])] }),
      () => zeros([2, 3]),
      /its indices are \[3\]; their last axis must have 1 to 2 places/,
    ],
    [
      "more axes than there may be",
      graph([constant(whole("axes", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])), node("Unsqueeze", ["x", "axes"], ["y"])]),
      () => zeros([2]),
      /makes 11 axes; at most 10 are allowed/,
    ],
  ])("%s", (_, file, x, message) => {
    const net = read(file);
    expect(() => net.forward(x())).toThrow(message);
  });
});

describe("exportOnnx refuses", () => {
  const all = { stride: [1], padding: [0], dilation: [1] };
  it.each<[what: string, apply: (x: Tensor) => Tensor, message: RegExp]>([
    [
      "windows outside of layers",
      (x) => windows(x, [2], all).sum(2),
      /the network has sliding windows, .* cannot be written in ONNX; use a layer/,
    ],
    [
      "random numbers in use",
      (x) => x.add(new Generator(1).uniform([5])),
      /the network has random numbers, which cannot be written/,
    ],
    ["sorted values", (x) => sort(x).values, /the network has sort, argsort or topk, which/],
    ["a running product", (x) => cumprod(x, 1), /the network has cumprod, which/],
    ["numbers of samples", (x) => x.add(arange(x.shape[0]).unsqueeze(1)), /whole numbers that count the samples/],
    [
      "what depends on the number of samples",
      (x) => x.sub(x.mean(0, true)),
      /depends on the number of samples \(a constant .*\)/,
    ],
  ])("%s", async (_, apply, message) => {
    const exporting = exportOnnx(new Custom(apply), [5]);
    await expect(exporting).rejects.toThrow(UnsupportedError);
    await expect(exporting).rejects.toThrow(message);
  });

  it("shapes and batches that cannot be, and shapes that do not fit", async () => {
    await expect(exportOnnx(nn.relu(), [0])).rejects.toThrow(ArgumentError);
    await expect(exportOnnx(nn.relu(), [3], { batchSize: 0.5 })).rejects.toThrow(/batchSize is 0.5; it must be/);
    await expect(exportOnnx(nn.linear(3, 2), [4])).rejects.toThrow(ShapeError);
  });

  it("nothing of that where the number of samples is fixed", async () => {
    const model = await exportOnnx(new Custom((x) => x.sub(x.mean(0, true))), [2], { batchSize: 2 });
    const centred = await importOnnx(model).predict(
      tensor([
        [1, 5],
        [3, 6],
      ]),
    );
    expect(await centred.array()).toEqual([
      [-1, -0.5],
      [1, 0.5],
    ]);
  });
});
