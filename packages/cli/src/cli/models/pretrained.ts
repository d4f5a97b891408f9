// Transfer learning: a network that others have trained, with a new head for the data.
import { resolve } from "node:path";
import type { HeadPlace, OnnxModule } from "@tidu/onnx";
import { ArgumentError, type nn, ShapeError, TiduError } from "tidu";
import { formatShape, systemReason } from "tidu/internal";
import { fromHere } from "../ui/from-here.js";
import { listed } from "../ui/listed.js";
import { digestOf, keptIn } from "./files.js";
import { foreignForm } from "./foreign.js";
import { freezeLayers, namesIn } from "./freeze.js";
import { withNewHead } from "./head.js";
import type { ModelRequest } from "./request.js";

/** Where a trained network is, and which of its layers stay as they are. */
export interface Pretrained {
  /** Absolute path of an ONNX file or a model.json of TensorFlow.js. A run keeps a copy. */
  readonly path: string;
  /** SHA-256 of the file, and of its files of weights after it, in hex. Not in runs of before. */
  readonly sha256?: string;
  /** A regular expression for the names of layers, such as "layer[123]". */
  readonly freeze?: string;
  /** The layer or value whose numbers the new layer takes; default: those that the last layer took. */
  readonly features?: string;
}

/**
 * The network of a file with a new last layer for the data's outputs. The new layer's scores are the network's: a softmax
 * at its end is dropped.
 *
 * @param folder of the run that keeps a copy of the file.
 * @throws ArgumentError if the data do not fit, the file has changed, or nothing to freeze has such a name.
 */
export async function adapt(
  { path, freeze, sha256, features }: Pretrained,
  request: ModelRequest,
  folder?: string,
): Promise<nn.Module> {
  const file = folder === undefined ? path : keptIn(folder, path);
  const name = fromHere(file);
  if (sha256 !== undefined && (await digestOf(file)) !== sha256)
    throw new ArgumentError(`--from ${name}: it has changed since the run began; put it back`);
  const net = await loadNetwork(file, features);
  const headed = fitting(name, request, () => withNewHead(net, placeIn(net, features), request));
  freezeLayers(headed.net, freeze, name, namesIn(headed.name, headed.head));
  return headed.net;
}

/** Where the new layer goes: after the features that a person names; else in the place of the last layer, if there is one. */
const placeIn = (net: OnnxModule, features: string | undefined): HeadPlace =>
  features === undefined ? { at: net.headName } : isLayer(net, features) ? { after: features } : {};

const isLayer = (net: nn.Module, name: string): boolean => net.children().some(([own]) => own === name);

/**
 * Reads the network of a file.
 *
 * @param features a layer that it must have, or the value that it is to give.
 * @param where names the file in errors.
 * @throws ArgumentError, which says what the file is, if it has no network, or none with one output; FormatError for a
 *   damaged one.
 */
export async function loadNetwork(
  path: string,
  features: string | undefined,
  where = `--from ${fromHere(path)}`,
): Promise<OnnxModule> {
  const { loadOnnx, loadTfjs } = await import("@tidu/onnx");
  const load = path.endsWith(".json") ? loadTfjs : loadOnnx;
  const read = async (): Promise<OnnxModule> => {
    const [file, output] = [fromHere(path), { output: features }];
    if (features === undefined) return load(file);
    // A layer is known by its name; other values, and outputs where there are several, by those of the file.
    const net = await load(file).catch(() => undefined);
    if (net === undefined || !isLayer(net, features))
      return load(file, output).catch((cause) => refused(features, cause, net));
    return net;
  };
  const net = await reading(path, where, read);
  const { inputs } = net.onnx;
  if (inputs.length === 1) return net;
  const names = listed(inputs.map(({ name }) => name));
  throw new ArgumentError(`${where}: it takes ${inputs.length} inputs, ${names}; use a network that takes one`);
}

/**
 * The record of a network's file; see `Pretrained`.
 *
 * @throws as `loadNetwork` does.
 */
export const pretrainedBy = (path: string, freeze?: string, features?: string): Promise<Pretrained> =>
  reading(path, `--from ${path}`, async () => ({
    path: resolve(path),
    freeze,
    features,
    sha256: await digestOf(path),
  }));

/** Reads a network's file, with errors in terms of the command's options. */
async function reading<T>(path: string, where: string, read: () => Promise<T>): Promise<T> {
  const foreign = await foreignForm(path).catch((cause) => {
    throw new ArgumentError(`${where}: cannot read it: ${systemReason(cause)}`, { cause });
  });
  if (foreign !== undefined) throw new ArgumentError(`${where}: this is ${foreign}`);
  try {
    return await read();
  } catch (cause) {
    throw explained(cause, where);
  }
}

function explained(cause: unknown, where: string): unknown {
  if (!(cause instanceof TiduError)) return cause;
  const { message } = cause;
  const [, several, names] = /: (it has \d+ outputs); choose one of (.*) as the option output$/.exec(message) ?? [];
  if (several !== undefined) {
    return new ArgumentError(`${where}: ${several}; name one of them, or a layer, by --features: ${names}`, { cause });
  }
  return cause;
}

/** Says of a name that nothing has which names there are. */
function refused(features: string, cause: unknown, net: OnnxModule | undefined): never {
  const [, outputs] = /: output is .*; it must be one of (.*), or .*$/.exec(String(cause)) ?? [];
  if (!(cause instanceof ArgumentError) || outputs === undefined) throw cause;
  const names = net?.children().map(([name]) => name) ?? outputs.split(", ");
  throw new ArgumentError(`--features ${features}: there is no such layer or value; there are ${listed(names)}`, {
    cause,
  });
}

/** Says of inputs that do not fit a network of `--from` which file it is. */
function fitting<T>(name: string, { inputShape }: ModelRequest, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    const [, expected = ""] = /expected \[[^,\]]*, ([\d, ]+)\]$/.exec(cause.message) ?? [];
    const takes = expected === "" ? `does not take them: ${cause.message}` : `takes [${expected}]`;
    throw new ArgumentError(
      `--from ${name}: a sample of the data has shape ${formatShape(inputShape)}, the network ${takes}; give data of that shape (of images, by --size and --channels), or another network`,
      { cause },
    );
  }
}
