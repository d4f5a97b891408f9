// The part that learns: a linear layer on what the backbone makes of pictures, which is computed once.
import { compile, loss, nn, optim, tensor } from "tidu";

const STEPS = 150;

/**
 * @typedef {(picture: Float32Array) => Promise<readonly number[]>} Classifier says of a picture how likely each kind is
 */

/**
 * Learns kinds from a few pictures of each.
 *
 * @param {import("./backbone.js").Backbone} backbone
 * @param {readonly Float32Array[]} pictures each channels · height · width numbers from 0 to 1
 * @param {readonly number[]} kinds of the pictures, from 0
 * @param {number} count of kinds
 * @returns {Promise<Classifier>}
 */
export async function learn({ net, shape }, pictures, kinds, count) {
  const size = shape[0] * shape[1] * shape[2];
  const featuresOf = async (/** @type {Float32Array} */ picture) => net.predict(tensor(picture, [1, ...shape]));
  const rows = [];
  for (const picture of pictures) rows.push(await (await featuresOf(picture)).data());
  const width = rows[0].length;
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => void all.set(row, i * width));
  // One scale for all features, so that the same rate suits every backbone.
  const scale = 1 / (Math.sqrt(all.reduce((sum, x) => sum + x * x, 0) / rows.length) || 1);

  const head = nn.linear(width, count);
  const optimizer = optim.adam({ lr: 0.3, weightDecay: 1e-3 });
  const step = compile((x, t) => optimizer.minimize(loss.crossEntropy(head.forward(x), t), head.parameters()));
  const [x, t] = [tensor(all, [rows.length, width]).mul(scale), tensor(Int32Array.from(kinds))];
  for (let i = 0; i < STEPS; i++) await step(x, t);
  return async (picture) => {
    if (picture.length !== size) throw new Error(`a picture has ${picture.length} numbers, not ${size}`);
    const scores = await head.predict((await featuresOf(picture)).mul(scale));
    return [...(await scores.softmax().data())];
  };
}
