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
    const sizes = shape.map((size, axis) => (size > 0 ? size : axis === 0 ? 1 : side));
    const values = numbers(sizes.reduce((a, b) => a * b, 1));
    return { shape: sizes, dtype, data: dtype === "int32" ? Int32Array.from(values, (v) => v * 255) : values };
  });

/**
 * Compares all outputs.
 *
 * @param {Published} published
 * @param {any} tf
 * @returns {Promise<Compared[]>}
 */
export async function compare(published, tf) {
  const { expected, model, given } = await runBy("cpu", published, tf);
  const again = await runBy("wasm", published, tf).catch(() => undefined);
  /** @type {Compared[]} */
  const all = [];
  for (const [name, wanted] of expected) {
    const other = again?.expected.get(name);
    const apart = other === undefined ? undefined : distance(other.data, wanted.data);
    all.push({ apart, ...(await compareOutput(published, model, name, wanted, given)) });
  }
  return all;
}

/** Runs a model by a backend of TensorFlow.js. @param {string} backend @param {Published} published @param {any} tf */
async function runBy(backend, published, tf) {
  await tf.setBackend(backend);
  const model = await loadByTensorFlow(published, tf);
  const given = inputsOf(model, published.side ?? 64);
  return { model, given, expected: await expectedOf(model, given, tf) };
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
  const isGraph = model.executeAsync !== undefined;
  const names = isGraph ? model.outputNodes : model.outputs.map((/** @type {any} */ output) => output.sourceLayer.name);
  const named = () =>
    Object.fromEntries(model.inputs.map((/** @type {any} */ { name }, /** @type {number} */ i) => [name, x[i]]));
  const made = isGraph ? await model.executeAsync(named(), names) : model.predict(x.length === 1 ? x[0] : x);
  /** @type {Map<string, any>} */
  const found = new Map();
  for (const [i, y] of [made].flat().entries()) found.set(names[i], { shape: y.shape, data: await y.data() });
  return found;
}

/**
 * @param {Published} published
 * @param {any} model
 * @param {string} name
 * @param {{ shape: number[], data: ArrayLike<number> }} wanted
 * @param {Given[]} given
 * @returns {Promise<Compared>}
 */
async function compareOutput({ bytes, external }, model, name, wanted, given) {
  try {
    const net = importTfjs(bytes, { external, output: name, channels: "last" });
    const taken = net.onnx.inputs.map(({ name: input }) => {
      const i = model.inputs.findIndex((/** @type {any} */ { name: own }) => own.split(":")[0] === input);
      const { data, shape } = given[Math.max(i, 0)];
      return tensor(data, shape);
    });
    const y = await net.predict(...taken);
    if (String(y.shape) !== String(wanted.shape))
      return { name, problem: `gives [${y.shape}], expected [${wanted.shape}]` };
    return { name, off: distance(await y.data(), wanted.data) };
  } catch (error) {
    return { name, problem: /** @type {Error} */ (error).message };
  }
}
