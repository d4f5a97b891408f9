// Transfer learning: a network that others have trained, with a new head for the data.
import { ArgumentError, nn } from "tidu";
import { Linear } from "tidu/internal";
import type { ModelRequest } from "./request.js";

/** Where a trained network is, and which of its layers stay as they are. */
export interface Pretrained {
  /** Absolute path of an ONNX file or a model.json of TensorFlow.js, which must stay there. */
  readonly path: string;
  /** A regular expression for the names of layers, such as "layer[123]". */
  readonly freeze?: string;
}

/** Layers that turn scores into probabilities, as losses here do themselves. */
const PROBABILITIES = /^(softmax|logSoftmax)\(/;

/**
 * The network of a file, whose last linear layer is replaced by one for the data's outputs. The new layer's scores are the
 * network's: a softmax at its end passes them on.
 *
 * @throws ArgumentError if it has no linear layer, or nothing to freeze has such a name.
 */
export async function adapt({ path, freeze }: Pretrained, { outputs }: ModelRequest): Promise<nn.Module> {
  const { loadOnnx, loadTfjs } = await import("@tidu/onnx");
  const net = await (path.endsWith(".json") ? loadTfjs : loadOnnx)(path);
  const layers = net.namedModules();
  const head = layers.filter(([, layer]) => layer instanceof Linear).at(-1);
  if (head === undefined)
    throw new ArgumentError(`--from ${path}: it has no linear layer to replace; use a network that ends in one`);
  const pattern = freeze === undefined ? undefined : new RegExp(freeze);
  const frozen = layers.filter(([name]) => name !== "" && pattern?.test(name));
  const variables = [...net.state()].filter(([name]) => pattern?.test(name));
  if (pattern !== undefined && frozen.length + variables.length === 0) {
    const names = layers.flatMap(([name]) => name || []).slice(0, 12);
    throw new ArgumentError(`--freeze ${freeze}: no layer of ${path} has such a name; it has ${names.join(", ")} …`);
  }
  for (const [, layer] of frozen) layer.freeze();
  for (const [, v] of variables) v.trainable = false;
  const [name, old] = head as [string, Linear];
  const [last, end] = layers.at(-1) as (typeof layers)[number];
  if (PROBABILITIES.test(String(end))) net.replace(last, new nn.Activation("identity", (x) => x));
  return net.replace(name, nn.linear(old.inFeatures, outputs));
}
