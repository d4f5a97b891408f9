// Runs a published model by TensorFlow.js and by Tidu on the same random inputs.
import { importTfjs } from "@tidu/onnx";
import { tensor } from "tidu";

/** @typedef {import("./packages.mjs").Published} Published */
/** @typedef {{ shape: number[], dtype: string, data: Float32Array | Int32Array }} Given */
/**
 * An output: how far Tidu is from TensorFlow.js, and how far its own backends are from each other, as parts of the
 * largest number.
 *
 * @typedef {{ name: string, problem?: string, off?: number, apart?: number }} Compared
 */

/** Numbers in [0, 1), the same each time (Lehmer's generator). @param {number} count */
function numbers(count) {
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return Float32Array.from({ length: count }, next);
}

/** @param {Published} model @param {any} tf */
async function loadByTensorFlow({ bytes, external }, tf) {
  const json = JSON.parse(new TextDecoder().decode(bytes));
  const { modelTopology, weightsManifest, format, signature, userDefinedMetadata } = json;
  const weightSpecs = weightsManifest.flatMap((/** @type {any} */ group) => group.weights);
  const data = Buffer.concat([...external.values()]);
  const weightData = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const artifacts = { modelTopology, weightSpecs, weightData, format, signature, userDefinedMetadata };
  const isGraph = Array.isArray(modelTopology.node);
  return (isGraph ? tf.loadGraphModel : tf.loadLayersModel)({ load: async () => artifacts });
}

/** What the inputs are, with sizes for free axes. @param {any} model @param {number} side @returns {Given[]} */
const inputsOf = (model, side) =>
  model.inputs.map((/** @type {{ shape: number[], dtype: string }} */ { shape, dtype }) => {
    if (!["float32", "int32"].includes(dtype)) throw new Error(`it takes inputs of type ${dtype}`);
    if (shape === undefined) throw new Error("it does not say of what shape its inputs are");
    const sizes = shape.map((size, axis) => (size > 0 ? size : axis === 0 ? 1 : side));
    const values = numbers(sizes.reduce((a, b) => a * b, 1));
    return { shape: sizes, dtype, data: dtype === "int32" ? Int32Array.from(values, (v) => v * 255) : values };
  });

/**
 * Compares all outputs that Tidu reads.
 *
 * @param {Published} published
 * @param {any} tf
 * @returns {Promise<Compared[]>}
 */
export async function compare(published, tf) {
  await tf.setBackend("cpu");
  const model = await loadByTensorFlow(published, tf);
  const given = inputsOf(model, published.side ?? 64);
  const read = outputsOf(model).map((name) => ({ name, ...reading(published, name) }));
  // What cannot be compared is not computed: object detectors take minutes.
  if (read.every(({ net }) => net === undefined)) return read;
  const expected = await expectedOf(model, given, tf);
  const again = await againBy("wasm", published, given, tf).catch(() => undefined);
  /** @type {Compared[]} */
  const all = [];
  for (const { name, net, problem } of read) {
    const [wanted, other] = [expected.get(name), again?.get(name)];
    const apart = other === undefined ? undefined : distance(other.data, wanted.data);
    const own = net === undefined ? { problem } : await compareOutput(net, model, wanted, given);
    all.push({ name, apart, ...own });
  }
  return all;
}

/** @param {any} model @returns {string[]} */
const outputsOf = (model) =>
  model.executeAsync === undefined
    ? model.outputs.map((/** @type {any} */ output) => output.sourceLayer.name)
    : model.outputNodes;

/** A network that gives an output. @param {Published} published @param {string} output */
function reading({ bytes, external }, output) {
  try {
    return { net: importTfjs(bytes, { external, output, channels: "last" }) };
  } catch (error) {
    return { problem: /** @type {Error} */ (error).message };
  }
}

/** @param {string} backend @param {Published} published @param {Given[]} given @param {any} tf */
async function againBy(backend, published, given, tf) {
  await tf.setBackend(backend);
  return expectedOf(await loadByTensorFlow(published, tf), given, tf);
}

/** The largest difference as a part of the largest number. @param {ArrayLike<number>} x @param {ArrayLike<number>} wanted */
function distance(x, wanted) {
  let [most, off] = [1e-6, 0];
  for (let i = 0; i < wanted.length; i++) {
    most = Math.max(most, Math.abs(wanted[i]));
    const difference = Math.abs(wanted[i] - x[i]);
    off = Number.isNaN(difference) ? Number.NaN : Math.max(off, difference);
  }
  return off / most;
}

/** @param {any} model @param {Given[]} given @param {any} tf @returns {Promise<Map<string, any>>} */
async function expectedOf(model, given, tf) {
  const x = given.map(({ data, shape, dtype }) => tf.tensor(data, shape, dtype));
  const names = outputsOf(model);
  const named = () =>
    Object.fromEntries(model.inputs.map((/** @type {any} */ { name }, /** @type {number} */ i) => [name, x[i]]));
  const isGraph = model.executeAsync !== undefined;
  const made = isGraph ? await model.executeAsync(named(), names) : model.predict(x.length === 1 ? x[0] : x);
  /** @type {Map<string, any>} */
  const found = new Map();
  for (const [i, y] of [made].flat().entries()) found.set(names[i], { shape: y.shape, data: await y.data() });
  return found;
}

/**
 * @param {import("@tidu/onnx").OnnxModule} net
 * @param {any} model
 * @param {{ shape: number[], data: ArrayLike<number> }} wanted
 * @param {Given[]} given
 */
async function compareOutput(net, model, wanted, given) {
  try {
    const taken = net.onnx.inputs.map(({ name: input }) => {
      const i = model.inputs.findIndex((/** @type {any} */ { name: own }) => own.split(":")[0] === input);
      const { data, shape } = given[Math.max(i, 0)];
      return tensor(data, shape);
    });
    const y = await net.predict(...taken);
    if (String(y.shape) !== String(wanted.shape)) return { problem: `gives [${y.shape}], expected [${wanted.shape}]` };
    return { off: distance(await y.data(), wanted.data) };
  } catch (error) {
    return { problem: /** @type {Error} */ (error).message };
  }
}
