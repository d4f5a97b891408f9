// The layer that gives an imported network's scores, and another end in its place.
import { describe, expect, it } from "vitest";
import { exportOnnx, importOnnx, importTfjs, type OnnxModule, weightFiles } from "../../packages/onnx/src/index.js";
import { writeTensor } from "../../packages/onnx/src/proto/tensor.js";
import { nn, ones, type Tensor } from "../../packages/tidu/src/index.js";
import { onOneThread } from "./support/device.js";
import { type GraphOptions, int, ints, model, node, weights, whole } from "./support/graph.js";

onOneThread();

const graph = (nodes: GraphOptions["nodes"], initializers: GraphOptions["initializers"], input: (number | string)[]) =>
  importOnnx(model({ nodes, initializers, input }));

/** Dense layers as Keras' exporter writes them: a product, and then a sum. */
const dense = () =>
  graph(
    [
      node("MatMul", ["x", "a"], ["p"]),
      node("Add", ["p", "b"], ["s"]),
      node("Relu", ["s"], ["r"]),
      node("MatMul", ["r", "c"], ["q"]),
      node("Add", ["q", "d"], ["t"]),
      node("Softmax", ["t"], ["y"]),
    ],
    [weights("a", [4, 5]), weights("b", [5]), weights("c", [5, 10]), weights("d", [10])],
    ["n", 4],
  );

/** A convolution of 1×1 that gives 10 scores, whose count stands in a reshape. */
const scored = () =>
  graph(
    [
      node("Conv", ["x", "k"], ["f"], { kernel_shape: ints([3, 3]) }),
      node("Relu", ["f"], ["r"]),
      node("GlobalAveragePool", ["r"], ["m"]),
      node("Conv", ["m", "one"], ["s"]),
      node("Reshape", ["s", "shape"], ["z"]),
      node("Softmax", ["z"], ["y"]),
    ],
    [weights("k", [6, 2, 3, 3]), weights("one", [10, 6, 1, 1]), whole("shape", [-1, 10])],
    ["n", 2, 5, 5],
  );

const layers = (net: OnnxModule) => [...net.state().keys()].sort();
const shape = async (net: nn.Module, input: number[]) => (await net.predict(ones(input))).shape;
const numbers = async (x: Promise<Tensor>) => [...(await (await x).data())];

describe("the layer that gives scores", () => {
  it("is a linear layer or a convolution of 1×1 with nothing after it but what keeps scores", async () => {
    const names = [dense(), scored()].map((net) => net.headName);
    expect(names).toEqual(["the MatMul of q", "the Conv of s"]);
    const net = nn.sequential(nn.linear(4, 8), nn.relu(), nn.linear(8, 3), nn.sigmoid());
    expect(importOnnx(await exportOnnx(net, [4])).headName).toBe("2");
  });

  it.each<[what: string, net: () => nn.Module, input: number[]]>([
    ["an activation", () => nn.sequential(nn.linear(4, 3), nn.relu()), [4]],
    ["a normalization", () => nn.sequential(nn.linear(4, 3), nn.layerNorm(3)), [4]],
    ["a window", () => nn.sequential(nn.conv2d(1, 3, 3), nn.flatten()), [1, 5, 5]],
    ["channels apart", () => nn.sequential(nn.conv2d(3, 3, 1, { groups: 3 }), nn.flatten()), [3, 5, 5]],
    ["nothing", () => nn.sequential(nn.relu()), [4]],
  ])("is none where the network ends in %s", async (_, make, input) => {
    expect(importOnnx(await exportOnnx(make(), input)).headName).toBeUndefined();
  });

  it("is none where two parts are added up", () => {
    const sum = graph(
      [node("MatMul", ["x", "a"], ["p"]), node("Add", ["p", "x"], ["y"])],
      [weights("a", [4, 4])],
      ["n", 4],
    );
    expect(sum.headName).toBeUndefined();
  });
});

describe("another end", () => {
  it("takes the layer's place and name, and drops what followed: softmax, bias and numbers of classes", async () => {
    const net = dense();
    const head = nn.linear(5, 3);
    const other = net.withHead(head, { at: net.headName });
    expect(layers(other)).toEqual(["b", "the MatMul of p.weight", "the MatMul of q.bias", "the MatMul of q.weight"]);
    expect(await shape(other, [2, 4])).toEqual([2, 3]);
    // It shares its layers with the first one, which is as it was.
    expect(layers(net)).toContain("d");
    expect(await shape(net, [2, 4])).toEqual([2, 10]);
    const features = net.withHead(new nn.Activation("identity", (x) => x), { at: net.headName });
    expect(await numbers(head.predict(await features.predict(ones([2, 4]))))).toEqual(
      await numbers(other.predict(ones([2, 4]))),
    );
  });

  it("comes after a layer, or after all", async () => {
    const net = scored();
    const after = net.withHead(nn.sequential(nn.globalAvgPool2d(), nn.flatten(), nn.linear(6, 2)), {
      after: "the Relu of r",
    });
    expect(layers(after)).toEqual(["head.2.bias", "head.2.weight", "the Conv of f.weight"]);
    expect(await shape(after, [1, 2, 5, 5])).toEqual([1, 2]);
    const all = net.withHead(nn.linear(10, 4));
    expect(layers(all)).toEqual(["head.bias", "head.weight", "the Conv of f.weight", "the Conv of s.weight"]);
    expect(await shape(all, [1, 2, 5, 5])).toEqual([1, 4]);
    expect(all.headName).toBe("head");
    expect(await shape(all.withHead(nn.linear(10, 5), { at: "head" }), [1, 2, 5, 5])).toEqual([1, 5]);
    expect(layers(all.withHead(nn.linear(4, 2)))).toContain("head_.weight");
  });

  it("calls layers that took the place of others", async () => {
    const net = scored();
    net.replace("the Conv of f", nn.conv2d(2, 6, 5));
    const other = net.withHead(nn.conv2d(6, 3, 1), { at: "the Conv of s" });
    expect(other.state().get("the Conv of f.weight")?.shape).toEqual([6, 2, 5, 5]);
    expect(await shape(other, [1, 2, 5, 5])).toEqual([1, 3, 1, 1]);
  });

  it("keeps a layer that other parts use, too, and takes the inputs that are left", async () => {
    const twice = graph(
      [node("MatMul", ["x", "a"], ["p"]), node("Relu", ["p"], ["r"]), node("MatMul", ["r", "a"], ["y"])],
      [weights("a", [4, 4])],
      ["n", 4],
    );
    const [name = ""] = [twice.headName];
    const other = twice.withHead(nn.linear(4, 2), { at: name });
    expect(layers(other)).toEqual([`${name}.weight`, `${name}_.bias`, `${name}_.weight`].sort());
    expect(await shape(other, [3, 4])).toEqual([3, 2]);
    expect(other.onnx.inputs.map((input) => input.name)).toEqual(["x"]);
  });

  it("says what it cannot be", () => {
    const net = dense();
    expect(() => net.withHead(nn.linear(5, 3), { at: "fc" })).toThrow(
      /^withHead: at is "fc"; it must be the name of a layer, one of the MatMul of p, the Relu of r, the MatMul of q/,
    );
    expect(() => net.withHead(nn.linear(5, 3), { after: "b" })).toThrow(/^withHead: after is "b"; it must be the name/);
    expect(() => net.withHead(nn.linear(5, 3), { at: "fc", after: "fc" })).toThrow(/^withHead: after is "fc"; it must/);
    expect(() => net.withHead(3 as unknown as nn.Module)).toThrow(
      /^withHead: head is 3; it must be a layer or network/,
    );
  });

  it("may be that of a model of TensorFlow.js", async () => {
    const conv = { filters: 3, kernel_size: [1, 1], use_bias: false, activation: "softmax" };
    const sequence = [
      { class_name: "Conv2D", config: { name: "scores", ...conv, batch_input_shape: [null, 1, 1, 2] } },
      { class_name: "Reshape", config: { name: "flat", target_shape: [3] } },
    ];
    const given = { name: "scores/kernel", shape: [1, 1, 2, 3], dtype: "float32" };
    const bytes = new TextEncoder().encode(
      JSON.stringify({
        modelTopology: { class_name: "Sequential", config: { name: "net", layers: sequence } },
        weightsManifest: [{ paths: ["a.bin", "b/c.bin"], weights: [given] }],
      }),
    );
    expect(weightFiles(bytes)).toEqual(["a.bin", "b/c.bin"]);
    const external = new Map(["a.bin", "b/c.bin"].map((name) => [name, new Uint8Array(12)]));
    const net = importTfjs(bytes, { external });
    expect(net.headName).toBe("scores");
    expect(await shape(net.withHead(nn.conv2d(2, 5, 1), { at: "scores" }), [1, 2, 1, 1])).toEqual([1, 5, 1, 1]);
  });
});

it("names the files in which an ONNX model has its weights", () => {
  const away = (name: string) => ({
    ...writeTensor(name, { dtype: "f32", shape: [2], data: Float32Array.of(1, 2) }),
    raw_data: undefined,
    data_location: 1,
    external_data: [{ key: "location", value: "w.data" }],
  });
  const nodes = [
    node("Add", ["x", "a"], ["z"]),
    node("Mul", ["z", "b"], ["y"]),
    node("Flatten", ["y"], ["f"], { axis: int(1) }),
  ];
  const bytes = model({ nodes, initializers: [away("a"), away("b"), weights("c", [2])], input: ["n", 2] });
  expect(weightFiles(bytes)).toEqual(["w.data"]);
  expect(() => weightFiles(new TextEncoder().encode("{}"), "model.json")).toThrow(
    /^model\.json: it has no modelTopology/,
  );
  expect(() => weightFiles(Uint8Array.of(0x3a, 200, 1, 0))).toThrow(/^the model: byte 3: .*not a protobuf message/);
});
