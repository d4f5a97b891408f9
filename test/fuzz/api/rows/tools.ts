// Insight, experiments, ONNX, reports, runs, debugging.
import { mkdir, writeFile } from "node:fs/promises";
import { fakeAdapter } from "../../../support/fake-gpu.js";
import { data, experiment, insight, onnx, report, type run, tidu } from "../packages.js";
import { make, on, type Rows } from "../row.js";

const { nn, loss, optim, tensor, ones } = tidu;
type Tensor = InstanceType<typeof tidu.Tensor>;
type Layer = InstanceType<typeof nn.Module>;

const linear = () => nn.sequential(nn.linear(3, 2), nn.relu());
const onnxOptions = () => ({
  name: "net",
  dtype: "f32",
  batchSize: 2,
  opset: 17,
  inputs: ["a", "b", "c"].map((name) => ({ kind: "number", name, mean: 1, deviation: 2, missing: false })),
  outputs: { classes: ["p", "q"] },
  metadata: { author: "me" },
});
const categories = () => ({ inputs: [{ kind: "category", name: "a", categories: ["x", "y", "z"] }] });
const features = (width: number) => ({ kind: "features", name: "a", width });
const dates = () => ({
  inputs: [features(2), { kind: "date", name: "b", parts: ["year"], mean: 1, deviation: 2, missing: false }],
});
const pixels = () => ({
  inputs: [{ kind: "sample", name: "a", dtype: "u8", means: [1], deviations: [2] }],
  outputs: { values: [1, 2].map((mean) => ({ mean, deviation: 1 })) },
});
const convolution = () => nn.sequential(nn.conv2d(1, 2, 3), nn.relu());
const table = () => ones([2, 3]);
const images = () => ones([2, 1, 4, 4]);
const labels = () => tensor(Int32Array.of(0, 1));
const samples = () =>
  data.dataset(new Float32Array(12).fill(1), [3], Int32Array.of(0, 1, 0, 1), { classes: ["a", "b"] });
const text = { en: "x", zh: "x" };
const question = () =>
  experiment.experiment({
    name: "none",
    words: { question: text, method: text, verdict: text, labels: { m: text } },
    seconds: 1,
    seeds: 2,
    settings: { size: 3 },
    measures: { m: "" },
    trial: async (seed, { size }) => ({ measures: { m: seed * size } }),
  });
/** The folder of a run of arrays, as far as it is needed to predict. */
const trained = async () => {
  await mkdir("trained", { recursive: true });
  const facts = { task: "classification", classes: ["a", "b"] };
  const preprocess = { ...facts, kind: "array", shape: [3], mean: [0], deviation: [1] };
  const options = { epochs: 1, batchSize: 1, optimizer: "sgd", lr: 1, l2: 0, validation: 0, seed: 0, checkpoint: {} };
  const config = {
    format: 1,
    command: "tidu train x.npy",
    versions: { tidu: "0.1.0", node: "20.19.0" },
    model: { name: "mlp" },
    data: {
      ...facts,
      path: "x.npy",
      options: {},
      kind: "npy",
      fingerprint: "",
      inputShape: [3],
      outputs: 2,
      preprocess,
    },
    training: options,
  };
  await writeFile("trained/config.json", JSON.stringify(config));
  const hidden = [nn.linear(3, 256), nn.relu(), nn.linear(256, 128), nn.relu()];
  await tidu.save(nn.sequential(...hidden, nn.linear(128, 2)), "trained/model.safetensors");
  return "trained";
};
const writer = () => new report.TensorBoardWriter("board");

/** A layers model of TensorFlow.js of one layer. */
function tfjsModel(): Uint8Array {
  const config = { name: "d", units: 1, use_bias: false, batch_input_shape: [null, 2] };
  const layers = [{ class_name: "Dense", config }];
  const weights = [{ name: "d/kernel", shape: [2, 1], dtype: "float32" }];
  const model = {
    modelTopology: { class_name: "Sequential", config: { name: "s", layers } },
    weightsManifest: [{ paths: ["w.bin"], weights }],
  };
  return new TextEncoder().encode(JSON.stringify(model));
}
const tfjsFiles = () => new Map([["w.bin", new Uint8Array(Float32Array.of(2, 3).buffer)]]);

export const TOOLS: Rows = {
  "insight/gradCheck": make(() => [(x: Tensor) => x.square(), [tensor([1, 2])], { step: 1e-5, tolerance: 1e-4 }]),
  "insight/dropoutEnsemble": make(() => [nn.sequential(nn.linear(3, 2), nn.dropout(0.5)), table()]),
  "insight/ensemble": make(
    () => [[linear(), linear()], { average: "probabilities" }],
    (net: Layer) => net.forward(table()).data(),
  ),
  "Ensemble.forward": on(
    () => insight.ensemble([linear()]),
    () => [table()],
  ),
  "insight/features": make(() => [convolution(), "0", images()]),
  "insight/inspect": make(() => [
    linear(),
    table(),
    { loss: loss.crossEntropy, target: labels(), training: true, seed: 1 },
  ]),
  "insight/invariance": make(() => [convolution(), "0", images(), [[0, 1]]]),

  "experiment/experiment": make(() => [question()]),
  "experiment/runExperiment": make(() => [
    question(),
    { seeds: [1, 2], settings: { size: 2 }, machine: "this one", onSeed: () => {} },
  ]),
  "experiment/bootstrapInterval": make(() => [[1, 2, 3, 4, 5, 6, 7, 8]]),
  "experiment/meanInterval": make(() => [[1, 2, 3]]),
  "experiment/studentT": make(() => [3, 0.9]),

  "onnx/exportOnnx": make(() => [linear(), [3], onnxOptions()]),
  "onnx/exportOnnx (of categories)": make(() => [linear(), [3], categories()]),
  "onnx/exportOnnx (of dates)": make(() => [linear(), [3], dates()]),
  "onnx/exportOnnx (of features)": make(() => [linear(), [3], { inputs: [features(3)] }]),
  "onnx/exportOnnx (of pixels)": make(() => [linear(), [3], pixels()]),
  "onnx/saveOnnx": make(() => [linear(), "net.onnx", [3], onnxOptions()]),
  "onnx/saveOnnx (of categories)": make(() => [linear(), "net.onnx", [3], categories()]),
  "onnx/saveOnnx (of dates)": make(() => [linear(), "net.onnx", [3], dates()]),
  "onnx/saveOnnx (of features)": make(() => [linear(), "net.onnx", [3], { inputs: [features(3)] }]),
  "onnx/saveOnnx (of pixels)": make(() => [linear(), "net.onnx", [3], pixels()]),
  "onnx/loadOnnx": async () => {
    await onnx.saveOnnx(linear(), "other.onnx", [3]);
    return { args: ["other.onnx", { output: "output", external: undefined }] };
  },
  "onnx/importOnnx": async () => ({
    args: [await onnx.exportOnnx(linear(), [3]), { file: "net.onnx", output: "output", external: undefined }],
  }),
  "onnx/importTfjs": make(() => [
    tfjsModel(),
    { file: "model.json", output: "d", channels: "last", external: tfjsFiles() },
  ]),
  "onnx/loadTfjs": async () => {
    await writeFile("model.json", tfjsModel());
    for (const [name, bytes] of tfjsFiles()) await writeFile(name, bytes);
    return { args: ["model.json", { output: "d", channels: "first", external: undefined }] };
  },
  "onnx/weightFiles": make(() => [tfjsModel(), "model.json"]),
  "OnnxModule.withHead": async () => ({
    self: onnx.importOnnx(await onnx.exportOnnx(linear(), [3])),
    args: [tidu.nn.relu(), { at: undefined, after: undefined }],
  }),
  "OnnxModule.forward": async () => ({
    self: onnx.importOnnx(await onnx.exportOnnx(linear(), [3])),
    args: [table()],
  }),

  "report/collectReport": make(() => [
    linear(),
    samples(),
    {
      loss: loss.crossEntropy,
      optimizer: optim.sgd({ lr: 0.1 }),
      batchSize: 2,
      part: "test",
      targets: [{ name: "y", mean: 0, deviation: 1, format: undefined }],
      mistakes: 1,
      epoch: 3,
      origin: String,
      features: [{ name: "a", width: 3 }],
      profileMilliseconds: 0,
    },
  ]),
  "report/readRun": async () => {
    await writeFile("report.json", '{"format":1}');
    return { args: ["."] };
  },
  "report/reportHtml": make(() => [{ title: "run", epochs: [] }]),
  "report/writeReport": async () => ({
    args: [".", await report.collectReport(linear(), samples(), { loss: loss.crossEntropy, profileMilliseconds: 0 })],
  }),
  "new report/TensorBoardWriter": make(() => ["board"]),
  "TensorBoardWriter.addScalars": on(writer, () => [1, { loss: 2 }]),
  "TensorBoardWriter.addHistogram": on(writer, () => [1, "weights", Float32Array.of(1, 2, 3)]),
  "TensorBoardWriter.addImage": on(writer, () => [
    1,
    "image",
    { width: 1, height: 1, channels: 1, data: Uint8Array.of(3) },
  ]),

  "run/loadRun": async () => ({
    args: [await trained(), { last: true, trust: false }],
    use: (own: run.LoadedRun) => own.predict([[1, 2, 3]]),
  }),

  // The compiler is found first, and said to be missing where it is.
  "native/NativeDevice.create": make(() => [
    { threads: 1, memoryLimit: 1e9, portable: true, meanwhile: "wasm", observe: () => {} },
  ]),
  "native/predictC": make(() => [
    linear(),
    [3],
    { batchSize: 2, name: "mine", weights: "inside", lanes: 8, fused: false },
  ]),
  "native/predictWasm": make(() => [linear(), [3], { batchSize: 2, file: "a.wasm", dtype: "f32" }]),
  "native/trainingC": make(() => [
    linear(),
    [3],
    {
      target: "class",
      loss: loss.crossEntropy,
      optimizer: optim.sgd({ lr: 0.1 }),
      regularize: () => tensor(0),
      generator: new tidu.Generator(1),
      batchSize: 2,
      name: "mine",
      weights: "inside",
      lanes: 8,
      fused: false,
    },
  ]),
  "webgpu/WebGpuDevice.create": make(() => [
    {
      adapter: fakeAdapter(),
      powerPreference: "low-power",
      software: true,
      tiles: [{ rows: 64, columns: 64, alone: 30, shared: 0.5 }],
      f16: false,
      observe: () => {},
    },
  ]),

  "debug/watchPrograms": make(
    () => [["graph"], () => {}],
    (end: () => void) => end(),
  ),
};
