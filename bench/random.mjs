// Draws networks at random, to measure shapes that nobody had in mind.

/** @typedef {import("./workloads.mjs").Workload} Workload */
/** @typedef {import("./workloads.mjs").Layer} Layer */

/** Multiplications of a step's forward pass, at most: the batch is smaller where a sample takes many. */
const MOST_PRODUCTS = 1.5e9;

/** The numbers that a network is made of, always the same for one seed. */
class Draw {
  /** @param {number} seed */
  constructor(seed) {
    this.state = seed;
  }

  /** Evenly from 0 up to 1, by the steps of "splitmix32". */
  next() {
    this.state = (this.state + 0x9e3779b9) | 0;
    let bits = this.state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
  }

  /**
   * A whole number; small ones are as likely as large ones, by their order of magnitude.
   *
   * @param {number} least
   * @param {number} most
   */
  size(least, most) {
    return Math.min(most, Math.floor(least * ((most + 1) / least) ** this.next()));
  }

  /** @template T @param {readonly T[]} values @returns {T} */
  of(values) {
    return values[Math.floor(this.next() * values.length)];
  }
}

/**
 * A network without its batch, and the multiplications that a sample takes.
 *
 * @typedef {{ input: number[], tokens?: number, layers: Layer[], products: number }} Drawn
 */

/** @param {Draw} draw @returns {Drawn} */
function perceptron(draw) {
  const input = draw.size(4, 2000);
  const act = draw.of(["relu", "gelu", "sigmoid"]);
  const dropout = draw.next() < 0.5;
  /** @type {Layer[]} */
  const layers = [];
  let [width, products] = [input, 0];
  for (let i = draw.size(1, 5); i > 0; i--) {
    const next = draw.size(16, 1500);
    layers.push(["linear", width, next], [act], ...(dropout ? [/** @type {Layer} */ (["dropout", 0.5])] : []));
    products += width * next;
    width = next;
  }
  layers.push(["linear", width, 10]);
  return { input: [input], layers, products };
}

/** @param {Draw} draw @returns {Drawn} */
function images(draw) {
  let [channels, side, products] = [draw.of([1, 3, 3, 4, 16]), draw.size(12, 128), 0];
  const input = [channels, side, side];
  const [norm, separable, residual] = [draw.next() < 0.5, draw.next() < 0.25, draw.next() < 0.25];
  /** @type {Layer[]} */
  const layers = [];
  /** @type {(kernel: number, made: number, stride: number, groups?: number) => Layer[]} */
  const conv = (kernel, made, stride, groups = 1) => {
    const given = channels;
    const padding = Math.floor(kernel / 2);
    side = Math.floor((side + 2 * padding - kernel) / stride) + 1;
    products += ((side * side * kernel * kernel * given) / groups) * made;
    channels = made;
    const after = norm ? [/** @type {Layer} */ (["batchnorm", made])] : [];
    return [["convx", given, made, kernel, padding, stride, groups], ...after];
  };
  for (let i = draw.size(2, 5); i > 0 && side > 3; i--) {
    const [kernel, stride, made] = [draw.of([1, 3, 3, 3, 5, 7]), draw.of([1, 1, 2]), draw.size(8, 160)];
    if (separable && i > 1) layers.push(...conv(kernel, channels, stride, channels), ["relu"], ...conv(1, made, 1));
    else layers.push(...conv(kernel, made, stride));
    layers.push(["relu"]);
    if (residual) layers.push(["residual", ...conv(3, channels, 1), ["relu"], ...conv(3, channels, 1)]);
    if (!separable && side > 7 && draw.next() < 0.4) {
      layers.push(["pool", 2]);
      side = Math.floor(side / 2);
    }
  }
  layers.push(["gap"], ["flatten"], ["linear", channels, 10]);
  return { input, layers, products };
}

/** @param {Draw} draw @returns {Drawn} */
function sequences(draw) {
  const [steps, tokens, heads] = [draw.size(8, 256), draw.size(20, 5000), draw.size(1, 8)];
  const features = heads * draw.size(8, 64);
  const wide = draw.of([2, 3, 4]) * features;
  /** @type {Layer[]} */
  const layers = [["embedding", tokens, features]];
  let products = 0;
  for (let i = draw.size(1, 3); i > 0; i--) {
    layers.push(["residual", ["layernorm", features], ["attention", features, heads]]);
    layers.push([
      "residual",
      ["layernorm", features],
      ["linear", features, wide],
      ["gelu"],
      ["linear", wide, features],
    ]);
    products += steps * features * (4 * features + 2 * wide + 2 * steps);
  }
  layers.push(["last"], ["linear", features, 10]);
  return { input: [steps], tokens, layers, products };
}

/** @param {Draw} draw @returns {Drawn} */
function recurrent(draw) {
  const [steps, tokens, features, units] = [
    draw.size(5, 80),
    draw.size(20, 2000),
    draw.size(8, 200),
    draw.size(16, 300),
  ];
  /** @type {Layer[]} */
  const layers = [["embedding", tokens, features], ["lstm", features, units], ["last"], ["linear", units, 10]];
  return { input: [steps], tokens, layers, products: 4 * steps * units * (features + units) };
}

/** @param {Draw} draw @returns {Drawn} */
function signals(draw) {
  let [channels, length, products] = [draw.size(1, 8), draw.size(100, 8000), 0];
  const input = [channels, length];
  /** @type {Layer[]} */
  const layers = [];
  for (let i = draw.size(2, 4); i > 0; i--) {
    const [kernel, stride, made] = [draw.of([3, 5, 9, 15]), draw.of([1, 2, 4]), draw.size(8, 100)];
    layers.push(["conv1d", channels, made, kernel, Math.floor(kernel / 2), stride], ["relu"]);
    length = Math.floor((length - 1) / stride) + 1;
    products += length * kernel * channels * made;
    channels = made;
  }
  layers.push(["flatten"], ["linear", channels * length, 10]);
  return { input, layers, products };
}

/** @param {Draw} draw @returns {Drawn} */
function decoders(draw) {
  let [channels, side, products] = [draw.size(16, 128), draw.size(2, 12), 0];
  const input = [channels, side, side];
  /** @type {Layer[]} */
  const layers = [];
  for (let i = draw.size(1, 3); i > 0; i--) {
    const made = draw.size(8, 64);
    layers.push(["convt", channels, made, 4, 1, 2], ["batchnorm", made], ["relu"]);
    side *= 2;
    products += side * side * 4 * channels * made;
    channels = made;
  }
  layers.push(["gap"], ["flatten"], ["linear", channels, 10]);
  return { input, layers, products };
}

const FAMILIES = [perceptron, images, images, sequences, recurrent, signals, decoders];

/**
 * The workload "random:SEED".
 *
 * @param {number} seed
 * @returns {Workload}
 */
export function randomWorkload(seed) {
  const draw = new Draw(seed);
  const { products, ...network } = draw.of(FAMILIES)(draw);
  const batch = Math.max(1, Math.min(draw.size(1, 256), Math.floor(MOST_PRODUCTS / products)));
  const inference = draw.next() < 0.25;
  const optimizer = draw.of([
    { name: /** @type {const} */ ("sgd"), lr: 0.001, momentum: 0.9 },
    { name: /** @type {const} */ ("adam"), lr: 0.001 },
  ]);
  return { name: `random:${seed}`, ...network, batch, classes: 10, inference, optimizer };
}
