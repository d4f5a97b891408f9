// What a file is that a person gave where a trained network or weights were wanted: its first bytes or its name say it.
import { open, readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { foreignKind } from "tidu/internal";

/** The first bytes of other files with networks, which no network can begin with. */
const MAGIC: readonly (readonly [at: number, bytes: string, what: string])[] = [
  [4, "TFL3", "a file of TensorFlow Lite; export ONNX"],
];

/** What files are by their endings, where bytes do not tell. */
const NAMES: Readonly<Record<string, string>> = {
  ".pt": "a file of PyTorch; export ONNX, or write its weights by safetensors.torch.save_file",
  ".pth": "a file of PyTorch; export ONNX, or write its weights by safetensors.torch.save_file",
  ".ckpt": "a checkpoint of another tool; export ONNX",
  ".h5": "an HDF5 file, as Keras writes; export ONNX",
  ".keras": "a file of Keras; export ONNX",
  ".pb": "a graph of TensorFlow; export ONNX by tf2onnx, or convert it by tensorflowjs_converter",
  ".tflite": "a file of TensorFlow Lite; export ONNX",
};

const NEITHER =
  "no trained network; give the folder of a run, an ONNX file, the model.json of TensorFlow.js or a safetensors file";

/** Bytes that are looked at. */
const LOOK = 16;

/** The first byte of ONNX as all tools write it, and those with which a file of this ending may begin: its fields' tags. */
const [ONNX, TAGS] = [0x08, [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72]];

const isJson = (start: Uint8Array): boolean => /^\s*\{/.test(new TextDecoder().decode(start));

/**
 * What a file is that has no network, and what to do; undefined for one that may have a network. Throws what the system
 * says of a file that cannot be read.
 */
export async function foreignForm(path: string): Promise<string | undefined> {
  if (await holdsWeights(path)) return "a file of weights, which has no network; give the network's own file";
  const start = await beginning(path);
  const text = Buffer.from(start).toString("latin1");
  if (start[0] === ONNX || isJson(start)) return undefined;
  const ending = extname(path).toLowerCase();
  const known = MAGIC.find(([at, bytes]) => text.startsWith(bytes, at))?.[2] ?? foreignKind(start) ?? NAMES[ending];
  return known ?? (ending === ".onnx" && (start.length === 0 || TAGS.includes(start[0])) ? undefined : NEITHER);
}

/** Whether a file is of safetensors, or an index of several; of one that cannot be read its name says so. */
export async function holdsWeights(path: string): Promise<boolean> {
  const start = await beginning(path).catch(() => undefined);
  if (start === undefined || /\.safetensors$/i.test(path)) return /\.safetensors(\.index\.json)?$/i.test(path);
  if (isJson(start)) return isIndex(path);
  return Buffer.from(start).toString("latin1").startsWith("\0\0{", 6);
}

async function isIndex(path: string): Promise<boolean> {
  try {
    return JSON.parse(new TextDecoder().decode(await readFile(path))).weight_map !== undefined;
  } catch {
    return false;
  }
}

async function beginning(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(LOOK), 0, LOOK, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Names of files with which folders of networks and weights are opened, the more likely ones first. */
const WANTED = [/^model\.json$/, /\.safetensors\.index\.json$/, /\.safetensors$/, /\.onnx$/];

/** The file in a folder that a person may have meant. */
export async function fileIn(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder)).sort();
  const found = WANTED.map((form) => names.find((name) => form.test(name))).find((name) => name !== undefined);
  return found && join(folder, found);
}
