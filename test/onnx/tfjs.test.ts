import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  exportOnnx,
  importOnnx,
  importTfjs,
  loadOnnx,
  loadTfjs,
  type TfjsOptions,
} from "../../packages/onnx/src/index.js";
import { OPERATION_ROWS } from "../../packages/onnx/src/tfjs/graph/model.js";
import { LAYER_ROWS } from "../../packages/onnx/src/tfjs/layers/model.js";
import { KERAS_ROWS } from "../../packages/onnx/src/tfjs/layers/operations.js";
import {
  ArgumentError,
  compile,
  device,
  FormatError,
  init,
  nn,
  optim,
  setDevice,
  TiduError,
  UnsupportedError,
  zeros,
} from "../../packages/tidu/src/index.js";
import { NullDevice } from "../../packages/tidu/src/runtime/null.js";
import { type Tensor, tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { type GoldenTensor, loadGolden, type TfjsCase } from "../goldens/load.js";
import { Choices } from "../support/choices.js";
import { onOneThread } from "./support/device.js";

onOneThread();

const folder = mkdtempSync(join(tmpdir(), "tidu-tfjs-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

const { cases } = loadGolden("tfjs");
const bytesOf = (model: unknown) => new TextEncoder().encode(JSON.stringify(model));
const externalOf = ({ files }: TfjsCase) =>
  new Map(Object.entries(files).map(([name, text]) => [name, Uint8Array.from(Buffer.from(text, "base64"))]));
const read = (golden: TfjsCase, options: TfjsOptions = {}) =>
  importTfjs(bytesOf(golden.model), { external: externalOf(golden), ...options });
const given = ({ shape, data }: GoldenTensor): Tensor => tensor(data.slice(), [...shape]);

const named = (name: string): TfjsCase => cases.find((golden) => golden.name === name) as TfjsCase;

async function expectSame(y: Tensor, golden: GoldenTensor, what: string): Promise<void> {
  expect(y.shape, what).toEqual(golden.shape);
  const [values, wanted] = [await y.data(), Array.from<number>(golden.data)];
  const most = wanted.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-3);
  const off = wanted.reduce((a, b, i) => Math.max(a, Math.abs(b - values[i])), 0);
  expect(off / most, what).toBeLessThan(2e-6);
}

describe("what TensorFlow.js computes", () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    for (const [name, expected] of Object.entries(golden.outputs)) {
      const net = read(golden, { output: name, channels: "last" });
      const inputs = golden.inputs.filter((_, i) => net.onnx.inputs.length === golden.inputs.length || i === 0);
      await expectSame(await net.predict(...inputs.map(given)), expected, name);
    }
  });
});

it.each([2, 3, 4].flatMap((k) => [1, 2, 3].map((s) => [k, s] as const)))(
  "a transposed convolution with padding same, kernel %s and stride %s, is written as ONNX",
  async (k, s) => {
    const config = { name: "t", filters: 2, kernel_size: k, strides: s, padding: "same" };
    const net = made(sequential([["Conv2DTranspose", config]], [5, 4, 3], { "t/kernel": [k, k, 2, 3], "t/bias": [2] }));
    const x = tensor(
      Float32Array.from({ length: 60 }, (_, i) => ((i * 5) % 13) - 6),
      [1, 3, 5, 4],
    );
    const y = await net.predict(x);
    expect(y.shape).toEqual([1, 2, 5 * s, 4 * s]);
    const again = importOnnx(await exportOnnx(net, [3, 5, 4]));
    expect(await (await again.predict(x)).data()).toEqual(await y.data());
  },
);

it("whole numbers are divided toward minus infinity, as TensorFlow.js does", async () => {
  const [a, b] = [
    [-7, 7, -1, -6, 6, -7, -(2 ** 31), 2 ** 31 - 1],
    [3, -3, 3, 3, -3, -3, 3, -2],
  ];
  const node = (name: string, op: string, input: string[], type: unknown) => ({
    ...{ name, op, input },
    attr: { T: { type }, dtype: { type } },
  });
  const run = async (op: string, type: unknown, kind: "i32" | "f32") => {
    const data = kind === "i32" ? Int32Array.from(b) : Float32Array.from(b);
    const graph = {
      modelTopology: {
        node: [
          {
            ...node("x", "Placeholder", [], type),
            attr: { dtype: { type }, shape: { shape: { dim: [{ size: 8 }] } } },
          },
          node("y", "Const", [], type),
          node("z", op, ["x", "y"], type),
        ],
      },
      weightsManifest: [
        { paths: ["w"], weights: [{ name: "y", shape: [8], dtype: kind === "i32" ? "int32" : "float32" }] },
      ],
    };
    const external = new Map([["w", new Uint8Array(data.buffer)]]);
    const x = kind === "i32" ? tensor(Int32Array.from(a)) : tensor(Float32Array.from(a));
    return [...(await (await importTfjs(bytesOf(graph), { external }).predict(x)).data())];
  };
  const floored = [-3, -3, -1, -2, -2, 2, -715827883, -1073741824];
  const rests = [2, -2, 2, 0, 0, -1, 1, -1];
  for (const op of ["FloorDiv", "Div", "RealDiv"]) expect(await run(op, "DT_INT32", "i32"), op).toEqual(floored);
  expect(await run("FloorDiv", 3, "i32")).toEqual(floored);
  expect(await run("FloorMod", "DT_INT32", "i32")).toEqual(rests);
  // float32 has no room for the last digits of the largest.
  expect((await run("FloorDiv", "DT_FLOAT", "f32")).slice(0, 6)).toEqual(floored.slice(0, 6));
  expect((await run("FloorMod", "DT_FLOAT", "f32")).slice(0, 6).map((r) => r + 0)).toEqual(rests.slice(0, 6));
  expect((await run("RealDiv", "DT_FLOAT", "f32"))[3]).toBe(-2);
});

/** Values [n, …, c] as [n, c, …]. */
const first = (x: Tensor): Tensor => x.permute([0, x.rank - 1, ...Array.from({ length: x.rank - 2 }, (_, i) => i + 1)]);

describe("what Keras 3 computes", () => {
  const { cases: keras } = loadGolden("keras3");
  it.each(keras.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const topology = golden.model.modelTopology as { model_config: { config: { input_layers: unknown } } };
    const names = [topology.model_config.config.input_layers].flat(2).filter((name) => typeof name === "string");
    for (const [name, expected] of Object.entries(golden.outputs)) {
      const net = read(golden, { output: name, channels: "last" });
      const inputs = net.onnx.inputs.map((input) => golden.inputs[names.indexOf(input.name)]);
      await expectSame(await net.predict(...inputs.map(given)), expected, name);
    }
  });

  it("has a shared layer's and a model's parameters once, by the file's names", () => {
    const [several, , , , models] = keras.map((golden) => [
      ...read(golden, { output: Object.keys(golden.outputs)[0] })
        .state()
        .keys(),
    ]);
    expect(several).toEqual(["shared", "left"].flatMap((name) => [`${name}.weight`, `${name}.bias`]));
    expect(models).toEqual(
      ["block.turn", "row.first", "row.norm", "last"].flatMap((name) => [`${name}.weight`, `${name}.bias`]),
    );
  });

  /** A model of one operation or layer, which is called so. */
  const called = (layer: object, args: unknown[], kwargs: object = {}) => {
    const value = { class_name: "__keras_tensor__", config: { keras_history: ["a", 0, 0] } };
    const layers = [
      { class_name: "InputLayer", name: "a", config: { name: "a", batch_shape: [null, 2] }, inbound_nodes: [] },
      { ...layer, inbound_nodes: [{ args: args.map((arg) => arg ?? value), kwargs }] },
    ];
    const config = { name: "m", layers, input_layers: ["a", 0, 0], output_layers: ["y", 0, 0] };
    return bytesOf({ modelTopology: { class_name: "Functional", config }, weightsManifest: [] });
  };
  const add = { module: "keras.src.ops.numpy", class_name: "Add", config: { name: "y" } };
  const relu = { module: "keras.layers", class_name: "ReLU", config: { name: "y" } };

  it("adds a number, on either side", async () => {
    for (const args of [
      [null, 3],
      [3, null],
    ]) {
      const y = await importTfjs(called(add, args)).predict(tensor([[1, -2]]));
      expect(await y.array()).toEqual([[4, 1]]);
    }
  });

  it.each([
    [
      called({ ...add, class_name: "Einsum" }, [null, null]),
      UnsupportedError,
      /does not support the layer ops\.Einsum/,
    ],
    [
      called(add, [null, { class_name: "__numpy__" }]),
      UnsupportedError,
      /"y" takes an argument that is neither a value nor a number/,
    ],
    [called(add, [null, null, null]), FormatError, /"y" takes 3 values, expected 2/],
    [
      called(relu, [null], { mask: [1] }),
      UnsupportedError,
      /ReLU "y" takes the argument mask, which Tidu does not support/,
    ],
    [called(relu, [null, 2]), FormatError, /passes the number 2 to the layer "y"/],
    [
      called({ class_name: "Sequential", config: { name: "y", layers: [relu] } }, []),
      FormatError,
      /"y" takes no value/,
    ],
  ] as const)("what is not read is named: %#", (bytes, Kind, says) => {
    const read = () => importTfjs(bytes);
    expect(read).toThrow(Kind);
    expect(read).toThrow(says);
  });

  it("which has no weight by name or number says so", () => {
    const golden = keras[0];
    const model = JSON.parse(JSON.stringify(golden.model).replaceAll('"shared/kernel"', '"other/kernel"'));
    const bytes = bytesOf(model);
    expect(() => importTfjs(bytes, { external: externalOf(golden), output: "left" })).toThrow(
      /Dense "shared" has no weight "shared\/kernel" among those of the file/,
    );
  });
});

describe("every layer and operation that is read", () => {
  const rows = (source: object): string[] => Object.keys(source).sort();

  it("is in the documentation", async () => {
    const page = await readFile(new URL("../../docs/models.md", import.meta.url), "utf8");
    const listed = (what: string) => new RegExp(`Supported ${what}: (.*?)\\.\n`, "s").exec(page)?.[1].split(/,\s+/);
    expect(listed("layers")).toEqual(rows({ ...LAYER_ROWS, InputLayer: 0, Sequential: 0, Model: 0, Functional: 0 }));
    expect(listed("operations")).toEqual(rows({ ...OPERATION_ROWS, Const: 0, Placeholder: 0 }));
    expect(listed("operations of Keras 3")).toEqual(rows(KERAS_ROWS).map((name) => name.replace("ops.", "")));
  });

  it("is in a model whose results are TensorFlow.js' own, or does what one of them does", () => {
    const text = JSON.stringify(cases.map(({ model }) => model));
    const missing = (source: object, key: string) =>
      rows(source).filter((type) => !text.includes(`"${key}":"${type}"`));
    // No function of TensorFlow.js makes or runs these; or they do nothing outside of training.
    const layers = [
      "ActivityRegularization",
      "AlphaDropout",
      "Cropping1D",
      "GaussianDropout",
      "SpatialDropout1D",
      "SpatialDropout2D",
      "Subtract",
      "ZeroPadding1D",
    ];
    expect(missing(LAYER_ROWS, "class_name")).toEqual(layers);
    const operations = [
      "BatchMatMul",
      "CheckNumerics",
      "DepthToSpace",
      "FloorMod",
      "FusedBatchNorm",
      "FusedBatchNormV2",
      "Inv",
      "PlaceholderWithDefault",
      "PreventGradient",
      "Print",
      "Reverse",
      "Softsign",
      "SpaceToDepth",
    ];
    expect(missing(OPERATION_ROWS, "op")).toEqual(operations);
  });
});

describe("operations that TensorFlow.js reads otherwise than TensorFlow", () => {
  const x = tensor(
    Float32Array.from({ length: 12 }, (_, i) => i + 1),
    [1, 3, 4],
  );
  const list = (values: readonly number[], shape = [values.length]) => ({ shape, values, dtype: "int32" });
  const computed = async (
    op: string,
    weights: Readonly<Record<string, { shape: number[]; values: readonly number[]; dtype: string }>>,
    own = true,
  ): Promise<unknown> => {
    const dim = [1, 3, 4].map((size) => ({ size: String(size) }));
    const attr = { shape: { shape: { dim } }, dtype: { type: "DT_FLOAT" } };
    const names = Object.keys(weights);
    const nodes = [
      { name: "x", op: "Placeholder", attr },
      ...names.map((name) => ({ name, op: "Const" })),
      { name: "y", op, input: own ? ["x", ...names] : names },
      { name: "z", op: "AddV2", input: ["x", "y"] },
    ];
    const bytes = Object.values(weights).map(({ values, dtype }) =>
      dtype === "bool" ? Uint8Array.from(values) : new Uint8Array(Int32Array.from(values).buffer),
    );
    const specs = names.map((name) => ({ name, shape: weights[name].shape, dtype: weights[name].dtype }));
    const net = importTfjs(
      bytesOf({ modelTopology: { node: nodes }, weightsManifest: [{ paths: ["w"], weights: specs }] }),
      {
        external: new Map([["w", Uint8Array.from(bytes.flatMap((part) => [...part]))]]),
        output: own ? "y" : "z",
        channels: "last",
      },
    );
    return (await net.predict(x)).array();
  };

  it("MatrixBandPart has two numbers", async () => {
    const band = (lower: number, upper: number) =>
      computed("MatrixBandPart", { lower: list([lower], []), upper: list([upper], []) });
    expect(await band(0, 1)).toEqual([
      [
        [1, 2, 0, 0],
        [0, 6, 7, 0],
        [0, 0, 11, 12],
      ],
    ]);
    expect(await band(-1, 0)).toEqual([
      [
        [1, 0, 0, 0],
        [5, 6, 0, 0],
        [9, 10, 11, 0],
      ],
    ]);
    expect(await band(1, -1)).toEqual([
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [0, 10, 11, 12],
      ],
    ]);
  });

  it("Reverse takes a truth for each axis", async () => {
    const turns = { shape: [3], values: [0, 1, 0], dtype: "bool" };
    expect(await computed("Reverse", { turns })).toEqual([
      [
        [9, 10, 11, 12],
        [5, 6, 7, 8],
        [1, 2, 3, 4],
      ],
    ]);
  });

  it("SparseToDense without places is the default", async () => {
    const none = { indices: list([], [0, 1]), sizes: list([4]), values: list([], [0]), usual: list([7], []) };
    expect(await computed("SparseToDense", none, false)).toEqual([
      [
        [8, 9, 10, 11],
        [12, 13, 14, 15],
        [16, 17, 18, 19],
      ],
    ]);
  });

  it("a placeholder with a default is that", async () => {
    expect(await computed("PlaceholderWithDefault", { rate: list([100], []) }, false)).toEqual([
      [
        [101, 102, 103, 104],
        [105, 106, 107, 108],
        [109, 110, 111, 112],
      ],
    ]);
  });
});

describe("a network of a model.json", () => {
  const classifier = named("classifier");
  const [x] = classifier.inputs;

  it("has layers and parameters by the file's names", () => {
    const state = [...read(classifier).state()].map(([name, v]) => `${name} [${v.shape}]`);
    expect(state).toEqual([
      "stem.weight [4,3,3,3]",
      "stem_bn.weight [4]",
      "stem_bn.bias [4]",
      "stem_bn.running_mean [4]",
      "stem_bn.running_var [4]",
      "stem_bn.num_batches_tracked []",
      "deep.weight [8,1,3,3]",
      "deep.bias [8]",
      "separable.depthwise.weight [8,1,3,3]",
      "separable.pointwise.weight [5,8,1,1]",
      "separable.pointwise.bias [5]",
      "scores.weight [3,60]",
      "scores.bias [3]",
    ]);
    const mobile = [...read(named("mobile net")).state().keys()];
    expect(mobile).toEqual(["stem", "deep", "head"].flatMap((name) => [`net.${name}.weight`, `net.${name}.bias`]));
  });

  it("takes and gives images with channels first, unless told", async () => {
    const net = read(classifier);
    expect(net.onnx.inputs.map(({ shape }) => shape)).toEqual([[undefined, 3, 7, 6]]);
    await expectSame(await net.predict(first(given(x))), classifier.outputs.scores, "scores");
    const [features, same] = [
      read(classifier, { output: "deep" }),
      read(classifier, { output: "deep", channels: "last" }),
    ];
    const [y, z] = [await features.predict(first(given(x))), await same.predict(given(x))];
    expect([y.shape, z.shape]).toEqual([
      [2, 8, 4, 3],
      [2, 4, 3, 8],
    ]);
    await expectSame(y, { shape: y.shape, data: await first(z).data("f32") }, "deep");
  });

  it("calls a shared layer twice, a model inside too", () => {
    const net = read(named("models inside, and layers called twice"), { output: "left" });
    expect([...net.state().keys()]).toEqual(
      ["inner.first", "shared", "left"].flatMap((name) => [`${name}.weight`, `${name}.bias`]),
    );
  });

  it("is trained with a new head, and written as ONNX", async () => {
    const net = read(classifier).freeze();
    net.replace("scores", nn.linear(60, 2, { init: init.zeros, biasInit: init.zeros }));
    const optimizer = optim.adam({ lr: 0.05 });
    const before = await net.state().get("stem.weight")?.data();
    const step = compile((v: Tensor, t: Tensor) => {
      // Without dropout, so that it goes the same way each time.
      const y = net.during(false, () => net.forward(v));
      return optimizer.minimize(y.log().sub(t).square().mean(), net.parameters());
    });
    const target = tensor([
      [-0.1, -3],
      [-3, -0.1],
    ]);
    const losses = [];
    for (let i = 0; i < 20; i++) losses.push(await (await step(first(given(x)), target)).item());
    expect(losses[19]).toBeLessThan(losses[0] / 2);
    expect(await net.state().get("stem.weight")?.data()).toEqual(before);
    const [y, z] = [net, importOnnx(await exportOnnx(net, [3, 7, 6]))].map((n) => n.predict(first(given(x))));
    await expectSame(await z, { shape: [2, 2], data: (await (await y).data("f32")) as Float32Array }, "ONNX");
  });

  it("is read from the file and those beside it", async () => {
    await writeFile(path("model.json"), bytesOf(classifier.model));
    for (const [name, bytes] of externalOf(classifier)) await writeFile(path(name), bytes);
    const net = await loadTfjs(path("model.json"));
    await expectSame(await net.predict(first(given(x))), classifier.outputs.scores, "scores");
    const outside = { ...classifier.model, weightsManifest: [{ paths: ["../w.bin"], weights: [] }] };
    await writeFile(path("outside.json"), bytesOf(outside));
    await expect(loadTfjs(path("outside.json"))).rejects.toThrow(/"..\/w.bin"; they must be in the model's own folder/);
    await expect(loadOnnx(path("model.json"))).rejects.toThrow(/it is a JSON file.*use loadTfjs/);
  });
});

/** A model of a few layers whose weights are 1, 2, 3, … */
function sequential(
  layers: readonly [type: string, config: object][],
  shape: readonly (number | null)[],
  weights = {},
) {
  const list = layers.map(([class_name, config], i) => ({
    class_name,
    config: { name: `l${i}`, ...(i === 0 ? { batch_input_shape: [null, ...shape] } : {}), ...config },
  }));
  const specs = Object.entries<readonly number[]>(weights).map(([name, size]) => ({
    name,
    shape: size,
    dtype: "float32",
  }));
  const count = specs.reduce((sum, spec) => sum + spec.shape.reduce((a, b) => a * b, 1), 0);
  const bytes = new Uint8Array(Float32Array.from({ length: count }, (_, i) => ((i * 7) % 11) - 5).buffer);
  const model = {
    modelTopology: { class_name: "Sequential", config: { name: "s", layers: list } },
    weightsManifest: [{ paths: ["w"], weights: specs }],
  };
  return { model, external: new Map([["w", bytes]]) };
}

const made = ({ model, external }: ReturnType<typeof sequential>, options: TfjsOptions = {}) =>
  importTfjs(bytesOf(model), { external, ...options });

it.each([
  ["first", [2, 3, 8, 8]],
  ["last", [2, 8, 8, 3]],
] as const)(
  "channels that come %s cost nothing: the program is that of the network written here",
  (channels, shape) => {
    const same = { kernel_size: 3, padding: "same", activation: "relu" };
    const model = sequential(
      [
        ["Conv2D", { name: "a", ...same }],
        ["Conv2D", { name: "b", ...same }],
        ["MaxPooling2D", {}],
        ["GlobalAveragePooling2D", {}],
        ["Dense", { name: "d", units: 4 }],
      ],
      [8, 8, 3],
      {
        "a/kernel": [3, 3, 3, 8],
        "a/bias": [8],
        "b/kernel": [3, 3, 8, 8],
        "b/bias": [8],
        "d/kernel": [8, 4],
        "d/bias": [4],
      },
    );
    const conv = (channels: number) => [nn.conv2d(channels, 8, 3, { padding: 1 }), nn.relu()];
    const own = nn.sequential(
      ...conv(3),
      ...conv(8),
      nn.maxPool2d(2),
      nn.globalAvgPool2d(),
      nn.flatten(),
      nn.linear(8, 4),
    );
    const costs = (net: nn.Module, sizes: readonly number[]) => {
      const before = device();
      const counter = new NullDevice();
      setDevice(counter);
      const needs = compile((x: Tensor) => net.forward(x)).prepare(zeros(sizes));
      setDevice(before);
      return { needs, kernels: counter.programs.at(-1)?.program.kernels.length };
    };
    expect(costs(made(model, { channels }), shape)).toEqual(costs(own, [2, 3, 8, 8]));
  },
);

describe("what TensorFlow.js itself cannot run", () => {
  const kernel = { "c/kernel": [3, 2, 4], "c/bias": [4] };
  const x = tensor(
    Float32Array.from({ length: 32 }, (_, i) => ((i * 5) % 13) - 6),
    [2, 8, 2],
  );

  it("looks back only, with causal padding", async () => {
    const causal = made(
      sequential([["Conv1D", { name: "c", kernel_size: 3, dilation_rate: 2, padding: "causal" }]], [8, 2], kernel),
    );
    const padded = made(
      sequential(
        [
          ["ZeroPadding1D", { padding: [4, 0] }],
          ["Conv1D", { name: "c", kernel_size: [3], dilation_rate: [2] }],
        ],
        [8, 2],
        kernel,
      ),
    );
    expect(await (await causal.predict(x)).data()).toEqual(await (await padded.predict(x)).data());
  });

  it("has channels first in the file", async () => {
    const layer = (data_format: string) =>
      sequential(
        [
          ["Conv2D", { name: "c", kernel_size: 2, data_format }],
          ["MaxPooling2D", { data_format, keepdims: true }],
          ["Flatten", { data_format }],
        ],
        data_format === "channels_first" ? [2, 5, 4] : [5, 4, 2],
        { "c/kernel": [2, 2, 2, 3], "c/bias": [3] },
      );
    const images = tensor(
      Float32Array.from({ length: 40 }, (_, i) => ((i * 5) % 13) - 6),
      [1, 5, 4, 2],
    );
    const [a, b] = ["channels_first", "channels_last"].map((format) => made(layer(format), { channels: "last" }));
    expect(await (await a.predict(first(images))).data()).toEqual(await (await b.predict(images)).data());
  });

  it("has slopes, limits and reduced axes that are kept", async () => {
    const net = made(
      sequential(
        [
          ["ReLU", { negative_slope: 0.25, max_value: 2 }],
          ["SpatialDropout1D", { rate: 0.5 }],
          ["GlobalMaxPooling1D", { keepdims: true }],
        ],
        [2, 2],
      ),
    );
    const y = await net.predict(
      tensor([
        [
          [-4, 1],
          [-8, 3],
        ],
      ]),
    );
    expect([y.shape, await y.array()]).toEqual([[1, 1, 2], [[[-1, 2]]]]);
  });
});

describe("errors", () => {
  const dense: [string, object] = ["Dense", { name: "d", units: 1 }];
  const weights = { "d/kernel": [2, 1], "d/bias": [1] };

  it("names all layers and operations that are missing", () => {
    const layers = sequential([["LSTM", {}], dense, ["Lambda", {}], ["LSTM", {}]], [3, 2], weights);
    expect(() => made(layers)).toThrow(UnsupportedError);
    expect(() => made(layers)).toThrow(
      /the model: Tidu does not support the layers LSTM \(2 times\), Lambda; choose an output before it/,
    );
    const node = (name: string, op: string, input: string[]) => ({ name, op, input });
    const nodes = [node("x", "Placeholder", []), node("a", "NonMaxSuppressionV5", ["x"]), node("b", "Bincount", ["a"])];
    const graph = { modelTopology: { node: nodes }, weightsManifest: [] };
    expect(() => importTfjs(bytesOf(graph))).toThrow(/does not support the operations NonMaxSuppressionV5, Bincount/);
    // Loops go in circles.
    const loop = [
      node("x", "Placeholder", []),
      node("on", "Enter", ["x"]),
      node("either", "Merge", ["on", "next"]),
      node("next", "NextIteration", ["either"]),
      node("y", "Exit", ["either"]),
    ];
    expect(() => importTfjs(bytesOf({ modelTopology: { node: loop }, weightsManifest: [] }))).toThrow(
      /does not support the operations Enter, NextIteration, Merge, Exit;/,
    );
    expect(importTfjs(bytesOf(graph), { output: "x", channels: "last" })).toBeInstanceOf(nn.Module);
  });

  it.each([
    ["what is no JSON", new Uint8Array([1, 2]), /the model: it is not JSON/],
    ["another JSON", bytesOf({ a: 1 }), /it has no modelTopology/],
    ["no manifest", bytesOf({ modelTopology: {} }), /it has no weightsManifest of groups/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => importTfjs(bytes)).toThrow(FormatError);
    expect(() => importTfjs(bytes)).toThrow(message);
  });

  it("says what does not fit, and where it stands", () => {
    const good = sequential([dense], [2], weights);
    const lacking = { ...good, external: new Map([["w", new Uint8Array(8)]]) };
    expect(() => made(lacking)).toThrow(/weight "d\/bias" of shape \[1\] ends at byte 12 of files with 8/);
    expect(() => made({ ...good, external: new Map() })).toThrow(/its weights are in "w"; use loadTfjs/);
    expect(() => made(sequential([dense], [2], { "d/kernel": [2, 1] }))).toThrow(
      /byte \d+: Dense "d" has no weight "d\/bias" among those of the file/,
    );
    expect(() => made(sequential([["Activation", { activation: "cubic" }]], [2]))).toThrow(/has the activation cubic/);
    expect(() => made(sequential([["Conv2D", { name: "d", kernel_size: 2 }]], [2], weights))).toThrow(/expected 4/);
    expect(() => made(sequential([["MaxPooling2D", { padding: "some" }]], [4, 4, 1]))).toThrow(
      /has padding "some", expected valid, same/,
    );
    expect(() => made(good, { output: "other" })).toThrow(/output.*one of d/);
    const two = named("models inside, and layers called twice");
    expect(() => read(two)).toThrow(/it has 2 outputs; choose one of left, right as the option output/);
    expect(() => importTfjs(bytesOf(good.model), { channels: "middle" as "first" })).toThrow(ArgumentError);
  });

  it.each([
    [
      { quantization: { dtype: "uint8", min: 0 } },
      /weight "d\/kernel" has quantization.scale undefined, expected a number/,
    ],
    [{ quantization: { dtype: "uint8", scale: 1 } }, /quantization.min undefined/],
    [{ quantization: { dtype: "uint16", scale: null, min: null } }, /quantization.scale null/],
    [{ quantization: { dtype: "uint8", scale: "x", min: 0 } }, /quantization.scale "x", expected a number/],
    [
      { quantization: { dtype: "int4", scale: 1, min: 0 } },
      /quantization.dtype "int4", expected uint8, uint16 or float16/,
    ],
    [{ quantization: {} }, /quantization.dtype undefined/],
    [{ quantization: "uint8" }, /quantization "uint8", expected an object/],
    [{ dtype: "int32", quantization: { dtype: "float16" } }, /quantization.dtype "float16", expected uint8 or uint16/],
    [{ dtype: "bool", quantization: { dtype: "uint8", scale: 1, min: 0 } }, /expected none, as its dtype is bool/],
    [{ dtype: undefined }, /weight "d\/kernel" has dtype undefined/],
    [{ dtype: "toString" }, /elements of type toString, .* it reads float32, int32, bool/],
    [{ dtype: "complex64" }, /elements of type complex64/],
    [{ shape: undefined }, /has shape undefined, expected a list of whole numbers/],
    [{ shape: [2, -1] }, /has shape \[2, -1\]/],
    [{ shape: [3, 1] }, /its weights have|ends at byte/],
    [{ name: undefined }, /a weight whose name is undefined/],
  ])("says what is wrong with a weight: %j", (wrong, message) => {
    const good = sequential([["Dense", { name: "d", units: 1, use_bias: false }]], [2], { "d/kernel": [2, 1] });
    const [group] = good.model.weightsManifest;
    const bad = { ...good.model, weightsManifest: [{ ...group, weights: [{ ...group.weights[0], ...wrong }] }] };
    expect(() => importTfjs(bytesOf(bad), { external: good.external })).toThrow(message);
  });

  it("a weight that its layer's settings leave out is refused, as TensorFlow.js does", () => {
    const bare = sequential([["Dense", { name: "d", units: 1, use_bias: false }]], [2], weights);
    expect(() => made(bare)).toThrow(/Dense "d" has the weight "d\/bias", .* \(such as use_bias\) does not take/);
    expect(() => made(bare)).toThrow(FormatError);
  });

  it("are Tidu's own for any damage", () => {
    const choices = new Choices(Array.from({ length: 450 }, (_, i) => (i * 48271) % 65521));
    // Keras 3 says in another form what layers take.
    const all = [...cases, ...loadGolden("keras3").cases];
    for (let i = 0; i < 150; i++) {
      const golden = choices.pick(all);
      try {
        const net = read(
          { ...golden, model: damaged(golden.model, choices) },
          { output: Object.keys(golden.outputs)[0] },
        );
        net.forward(...net.onnx.inputs.map(({ shape }) => zeros((shape ?? [1]).map((size) => size ?? 2))));
      } catch (error) {
        if (!(error instanceof TiduError)) throw error;
      }
    }
  });
});

/** A model of which something is gone, or something else. */
function damaged(model: TfjsCase["model"], choices: Choices): TfjsCase["model"] {
  const copy = structuredClone(model);
  const places: [Record<string, unknown>, string][] = [];
  const walk = (value: Record<string, unknown>): void => {
    for (const [key, inner] of Object.entries(value)) {
      places.push([value, key]);
      if (typeof inner === "object" && inner !== null) walk(inner as Record<string, unknown>);
    }
  };
  walk(copy);
  const [value, key] = choices.pick(places);
  value[key] = choices.pick([undefined, null, -1, 0, 1e9, 1.5, "x", [], {}, true, [1, -2], "valid", [[["a", 0, 0]]]]);
  return copy;
}
