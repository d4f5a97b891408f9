// The trained part, which stays as it is: it makes of a picture numbers by which kinds of pictures can be told apart.
import { deserialize, nn } from "tidu";
import { digitNetwork } from "../../draw-a-digit/src/network.js";

/**
 * @typedef {object} Backbone
 * @property {string} name
 * @property {readonly [channels: number, height: number, width: number]} shape of a picture
 * @property {import("tidu").nn.Module} net from pictures [n, channels, height, width], 0 to 1, to features [n, features]
 */

/** What passes its input on. */
const identity = () => new nn.Activation("identity", (x) => x);

/**
 * The network of the example draw-a-digit, whose last layers are left out. It takes light strokes on a dark ground.
 *
 * @param {Uint8Array} bytes of its weights, digits.safetensors
 * @returns {Backbone}
 */
export function digitBackbone(bytes) {
  const net = deserialize(digitNetwork(), bytes, "digits.safetensors");
  for (const layer of ["7", "8", "9"]) net.replace(layer, identity());
  return { name: "the network of handwritten digits", shape: [1, 28, 28], net: net.freeze() };
}

/**
 * A network of an ONNX file without its last linear layer, and without a softmax after that.
 *
 * @param {import("@tidu/onnx").OnnxModule} net
 * @param {string} name
 * @returns {Backbone}
 */
export function onnxBackbone(net, name) {
  const [input, ...others] = net.onnx.inputs;
  const [, channels, height, width] = input?.shape ?? [];
  const isImage = others.length === 0 && input?.shape?.length === 4 && (channels === 1 || channels === 3);
  if (!isImage) throw new Error(`${name}: it must take images [n, 1 or 3, height, width]`);
  const layers = net.namedModules();
  const head = layers.findLastIndex(([, layer]) => String(layer).startsWith("linear("));
  if (head < 0) throw new Error(`${name}: it has no linear layer at its end`);
  for (const [path, layer] of layers.slice(head)) {
    if (/^(linear|softmax|logSoftmax)\(/.test(String(layer))) net.replace(path, identity());
  }
  return { name, shape: [channels, height ?? 224, width ?? 224], net: net.freeze() };
}
