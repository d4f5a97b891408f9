import { type Dataset, dataset, decodeIdx } from "tidu/data";
import { makePoints } from "./points.js";
import type { Settings } from "./settings.js";

/** What a network learns from, and what it is measured on. */
export interface Data {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly classes: number;
}

/** Points in each set. */
export const POINTS = 200;
/** Added to the seed for the points that a network is measured on. */
export const TEST_SEED = 1_000_003;

/** The data that the settings name. Digits are fetched once. */
export async function loadData({ data, noise, seed }: Settings): Promise<Data> {
  if (data === "digits") return (digits ??= loadDigits());
  const set = (from: number): Dataset => {
    const { inputs, targets } = makePoints(data, POINTS, noise, from);
    return dataset(inputs, [2], targets);
  };
  return { train: set(seed), test: set(seed + TEST_SEED), classes: 2 };
}

let digits: Promise<Data> | undefined;

async function loadDigits(): Promise<Data> {
  const [train, test] = await Promise.all(["train", "test"].map(loadPart));
  return { train, test, classes: 10 };
}

async function loadPart(name: string): Promise<Dataset> {
  const [images, labels] = await Promise.all([readIdx(`${name}-images`), readIdx(`${name}-labels`)]);
  return dataset(images, [1, 28, 28], labels, { transform: (batch) => standardize(batch.toFloat()) });
}

/** Pixels as networks see them, as `mnist()` of tidu/data has it: standardised by mean 0.1307 and deviation 0.3081. */
const standardize: Dataset["transform"] = (pixels) => pixels.mul(1 / (255 * 0.3081)).sub(0.1307 / 0.3081);

/** What a network that learned from the digits sees of a picture: grey values, 0 (paper) to 255 (ink). */
export { standardize };

async function readIdx(name: string): Promise<Uint8Array> {
  // The built worker lies in a folder of the site.
  const response = await fetch(new URL(`../digits/${name}.idx`, self.location.href));
  if (!response.ok || response.body === null) {
    throw new Error(`the digits could not be fetched: ${response.status} ${response.statusText}`);
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { data } = decodeIdx(isCompressed(bytes) ? await decompress(bytes) : bytes, name);
  return Uint8Array.from(data);
}

/** Some hosts compress and decompress such files by themselves. */
const isCompressed = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function decompress(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
