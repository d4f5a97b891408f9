// Transfer learning: a network that others have trained, with a new head for the data.
import { ArgumentError, FormatError, nn, ShapeError } from "tidu";
import { formatShape, systemReason } from "tidu/internal";
import { foreignForm } from "./foreign.js";
import type { ModelRequest } from "./request.js";
import { digestOf, freezeLayers, headOf, namesIn } from "./start.js";

/** Where a trained network is, and which of its layers stay as they are. */
export interface Pretrained {
  /** Absolute path of an ONNX file or a model.json of TensorFlow.js, which must stay there. */
  readonly path: string;
  /** SHA-256 of the file, in hex. Not in runs of before. */
  readonly sha256?: string;
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
export async function adapt({ path, freeze, sha256 }: Pretrained, { outputs }: ModelRequest): Promise<nn.Module> {
  const net = await loadNetwork(path);
  if (sha256 !== undefined && (await digestOf(path)) !== sha256)
    throw new ArgumentError(`--from ${path}: it has changed since the run was begun; put it back`);
  const layers = net.namedModules();
  const [name, old] = headOf(net, path);
  freezeLayers(net, freeze, path, namesIn(name, old));
  const [last, end] = layers.at(-1) as (typeof layers)[number];
  if (PROBABILITIES.test(String(end))) net.replace(last, new nn.Activation("identity", (x) => x));
  return net.replace(name, nn.linear(old.inFeatures, outputs));
}

/** What to give instead of another file. */
const WANTED = "give the folder of a run, an ONNX file, the model.json of TensorFlow.js or a safetensors file";

async function loadNetwork(path: string): Promise<nn.Module> {
  const { loadOnnx, loadTfjs } = await import("@tidu/onnx");
  const foreign = await foreignForm(path).catch((cause) => {
    throw new ArgumentError(`--from ${path}: cannot read it: ${systemReason(cause)}`, { cause });
  });
  if (foreign !== undefined) throw new ArgumentError(`--from ${path}: this is ${foreign}; ${WANTED}`);
  try {
    return await (path.endsWith(".json") ? loadTfjs : loadOnnx)(path);
  } catch (cause) {
    const message = String(cause);
    if (cause instanceof FormatError && /not a protobuf message|not a model\.json/.test(message))
      throw new ArgumentError(`--from ${path}: this is no trained network; ${WANTED}`, { cause });
    const [, outputs] = /: (it has \d+ outputs): choose one of (.*) as the option output$/.exec(message) ?? [];
    if (outputs === undefined) throw cause;
    throw new ArgumentError(
      `--from ${path}: ${outputs}; a network to begin with has one: of a run, write it by tidu export --format onnx, without --preprocess; of another tool, write it with one output`,
      { cause },
    );
  }
}

/** Says of inputs that do not fit a network of `--from` which file it is. */
export function checkFits({ path }: Pretrained, { inputShape }: ModelRequest, body: () => void): void {
  try {
    body();
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    const [, expected = ""] = /expected \[[^,\]]*, ([\d, ]+)\]$/.exec(cause.message) ?? [];
    const takes = expected === "" ? `does not take them: ${cause.message}` : `takes [${expected}]`;
    throw new ArgumentError(
      `--from ${path}: a sample of the data has shape ${formatShape(inputShape)}, the network ${takes}; give data of that shape (of images, by --size and --channels), or another network`,
      { cause },
    );
  }
}
