// Which file of another tool a person gave where a trained network was wanted: its first bytes or its name say it.
import { open } from "node:fs/promises";
import { extname } from "node:path";

const WEIGHTS = "a safetensors file, which has weights, but no network";

/** Forms of files with weights, by bytes at their beginning. */
const MAGIC: readonly (readonly [at: number, bytes: string, what: string])[] = [
  [6, "\0\0{", WEIGHTS],
  [0, "PK\u0003\u0004", "a ZIP archive, as PyTorch and Keras write"],
  [0, "\u0089HDF", "an HDF5 file, as Keras writes"],
  [4, "TFL3", "a file of TensorFlow Lite"],
  [0, "GGUF", "a GGUF file"],
  [0, "\u0080\u0002", "a pickled object of Python, as PyTorch writes"],
];

/** The same by endings. */
const NAMES: Readonly<Record<string, string>> = {
  ".safetensors": WEIGHTS,
  ".pt": "a file of PyTorch",
  ".pth": "a file of PyTorch",
  ".ckpt": "a checkpoint of another tool",
  ".h5": "an HDF5 file, as Keras writes",
  ".keras": "a file of Keras",
  ".pb": "a graph of TensorFlow",
  ".tflite": "a file of TensorFlow Lite",
};

/** Bytes that are looked at. */
const LOOK = 16;

/** Whether a file is of safetensors: by its first bytes, or its name if it is not there. */
export const isSafetensors = async (path: string): Promise<boolean> =>
  (await foreignForm(path).catch(() => NAMES[extname(path).toLowerCase()])) === WEIGHTS;

/** What a file is, if that is known and no network. Throws what the system says of a file that cannot be read. */
export async function foreignForm(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOK), 0, LOOK, 0);
    const start = buffer.toString("latin1", 0, bytesRead);
    return MAGIC.find(([at, bytes]) => start.startsWith(bytes, at))?.[2] ?? NAMES[extname(path).toLowerCase()];
  } finally {
    await file.close();
  }
}
