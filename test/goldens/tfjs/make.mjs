// @ts-nocheck: a command, not a test.
// Makes ../tfjs.json, models of TensorFlow.js with what it computes from them: `node test/goldens/tfjs/make.mjs [folder]`.
// The folder is one in which @tensorflow/tfjs is installed; bench/peers unless told, after `npm ci` there.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { graphCases } from "./graphs.mjs";
import { layersCases } from "./layers.mjs";

const peers = fileURLToPath(new URL("../../../bench/peers/", import.meta.url));
const tf = createRequire(`${process.argv[2] ?? peers}/package.json`)("@tensorflow/tfjs");
await tf.setBackend("cpu");

/** Numbers in [-1, 1) that are the same each time (Lehmer's generator). */
function numbers(seed) {
  let state = seed;
  return (count) =>
    Float32Array.from({ length: count }, () => ((state = (state * 48271) % 2147483647) / 2147483647) * 2 - 1);
}

const size = (shape) => shape.reduce((a, b) => a * b, 1);
const encode = (tensor) => {
  const isFloat = tensor.dtype === "float32";
  const data = isFloat ? Float32Array.from(tensor.dataSync()) : Int32Array.from(tensor.dataSync());
  const text = Buffer.from(data.buffer).toString("base64");
  return { shape: tensor.shape, data: text, ...(isFloat ? {} : { dtype: "i32" }) };
};

const inputsOf = (declared, random) =>
  declared.map(({ shape, most }) => {
    const values = random(size(shape));
    return most === undefined
      ? tf.tensor(values, shape)
      : tf.tensor(
          Int32Array.from(values, (v) => Math.floor(((v + 1) / 2) * most)),
          shape,
          "int32",
        );
  });

const joined = (data) => Buffer.concat((Array.isArray(data) ? data : [data]).map((part) => Buffer.from(part)));

/** Floats as quantized numbers, which TensorFlow.js reads as scale · n + min; or as half floats. */
function quantized(specs, data, dtype) {
  const [parts, stored] = [[], []];
  let at = 0;
  for (const spec of specs) {
    const bytes = data.subarray(at, (at += size(spec.shape) * 4));
    if (spec.dtype !== "float32") {
      parts.push(bytes);
      stored.push(spec);
      continue;
    }
    const values = new Float32Array(Uint8Array.from(bytes).buffer);
    if (dtype === "float16") {
      // Small numbers of few digits, which half floats have: sign, exponent and 10 bits of fraction.
      parts.push(Buffer.from(Uint16Array.from(values, half).buffer));
      stored.push({ ...spec, quantization: { dtype, original_dtype: "float32" } });
      continue;
    }
    const [Numbers, most] = dtype === "uint8" ? [Uint8Array, 255] : [Uint16Array, 65535];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const scale = (high - low) / most || 1;
    parts.push(Buffer.from(Numbers.from(values, (v) => Math.round((v - low) / scale)).buffer));
    stored.push({ ...spec, quantization: { dtype, scale, min: low, original_dtype: "float32" } });
  }
  return [stored, Buffer.concat(parts)];
}

function half(value) {
  const [sign, size] = [value < 0 ? 0x8000 : 0, Math.abs(value)];
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  const bits = Math.round((size / 2 ** exponent - 1) * 1024);
  return sign | (((exponent + 15) << 10) + bits);
}

/** The case with weights in files of equal size. */
function written({ name, files = 1 }, { topology, specs, data, inputs, outputs, more = {} }) {
  const length = Math.ceil(data.length / files);
  const shards = Array.from({ length: files }, (_, i) =>
    data.subarray(i * length, (i + 1) * length).toString("base64"),
  );
  const paths = shards.map((_, i) => `group1-shard${i + 1}of${files}.bin`);
  const model = { modelTopology: topology, ...more, weightsManifest: [{ paths, weights: specs }] };
  return {
    name,
    model,
    files: Object.fromEntries(paths.map((path, i) => [path, shards[i]])),
    inputs: inputs.map(encode),
    outputs,
  };
}

async function layersCase(declared, seed) {
  const random = numbers(seed);
  const model = declared.make(tf);
  model.setWeights(
    model.weights.map(({ name, shape }) => {
      const values = random(size(shape));
      return tf.tensor(name.includes("variance") ? values.map((v) => v + 1.5) : values.map((v) => v / 2), shape);
    }),
  );
  let saved;
  const keep = async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: {} };
  };
  await model.save(tf.io.withSaveHandler(keep));
  let [specs, data] = [saved.weightSpecs, joined(saved.weightData)];
  let runs = model;
  if (declared.quantize !== undefined) {
    [specs, data] = quantized(specs, data, declared.quantize);
    const weightData = Uint8Array.from(data).buffer;
    runs = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology: saved.modelTopology, weightSpecs: specs, weightData }),
    );
  }
  const inputs = inputsOf(declared.inputs, random);
  const all = [runs.predict(inputs.length === 1 ? inputs[0] : inputs)].flat();
  const outputs = Object.fromEntries(all.map((y, i) => [runs.outputNames[i], encode(y)]));
  return written(declared, {
    topology: saved.modelTopology,
    specs,
    data,
    inputs,
    outputs,
    more: { format: "layers-model" },
  });
}

async function graphCase(declared, seed) {
  const random = numbers(seed);
  const weights = declared.weights ?? {};
  const specs = Object.entries(weights).map(([name, { shape, dtype = "float32" }]) => ({ name, shape, dtype }));
  const data = Buffer.concat(
    Object.values(weights).map(({ shape, values, dtype, positive }) => {
      const list = values ?? random(size(shape)).map((v) => (positive ? v + 1.5 : v / 2));
      return Buffer.from((dtype === "int32" ? Int32Array : Float32Array).from(list).buffer);
    }),
  );
  const topology = { node: declared.nodes, versions: { producer: 1 } };
  const weightData = Uint8Array.from(data).buffer;
  const more = { format: "graph-model", ...(declared.signature ? { signature: declared.signature } : {}) };
  const model = await tf.loadGraphModel(
    tf.io.fromMemory({ modelTopology: topology, weightSpecs: specs, weightData, ...more }),
  );
  const inputs = inputsOf(declared.inputs, random);
  const all = [model.execute(inputs)].flat();
  const outputs = Object.fromEntries(all.map((y, i) => [model.outputNodes[i], encode(y)]));
  return written(declared, { topology, specs, data, inputs, outputs, more });
}

const cases = [];
for (const [i, declared] of layersCases.entries()) cases.push(await layersCase(declared, i + 1));
for (const [i, declared] of graphCases.entries()) cases.push(await graphCase(declared, 1000 + i));
const file = new URL("../tfjs.json", import.meta.url);
writeFileSync(file, `${JSON.stringify({ madeBy: "tfjs/make.mjs", tfjs: tf.version_core, cases })}\n`);
console.log(`${cases.length} cases, ${JSON.stringify(cases).length} bytes`);
