import { type Tensor, zeros } from "tidu";
import { Dataset, dataset, decodeIdx } from "tidu/data";
import { makePoints, type PointsName } from "./points.js";
import type { InputName, Settings } from "./settings.js";

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

/**
 * What networks see of points and of digits. Digits as numbers: standardised, as `mnist()` of tidu/data has it. As whole
 * numbers: sixteen equal parts of the plane from -1.25 to 1.25 on each axis, and of the grey values.
 */
const SEEN = {
  points: { numbers: (x) => x, levels: (x) => x.add(1.25).mul(6.4).toInt() },
  digits: {
    numbers: (x) =>
      x
        .toFloat()
        .mul(1 / (255 * 0.3081))
        .sub(0.1307 / 0.3081),
    levels: (x) =>
      x
        .toFloat()
        .mul(1 / 16)
        .toInt(),
  },
} as const satisfies Record<string, Record<InputName, (x: Tensor) => Tensor>>;

type Sets = Pick<Data, "train" | "test">;

/** The data that the settings name. */
export async function loadData({ data, noise, seed, input }: Settings): Promise<Data> {
  const isDigits = data === "digits";
  const { train, test } = isDigits ? await loadDigits() : pointsOf(data, noise, seed);
  const transform = SEEN[isDigits ? "digits" : "points"][input];
  const seen = ({ inputs, targets }: Dataset): Dataset => new Dataset(inputs, targets, { transform });
  return { train: seen(train), test: seen(test), classes: isDigits ? 10 : 2 };
}

/** Something like what a network sees of one sample. */
export const exampleOf = ({ train }: Data): Tensor => train.transform(zeros([1, ...train.inputShape]));

function pointsOf(name: PointsName, noise: number, seed: number): Sets {
  const set = (from: number): Dataset => {
    const { inputs, targets } = makePoints(name, POINTS, noise, from);
    return dataset(inputs, [2], targets);
  };
  return { train: set(seed), test: set(seed + TEST_SEED) };
}

let digits: Promise<Sets> | undefined;

/** Fetches the digits, once if nothing goes wrong. */
async function loadDigits(): Promise<Sets> {
  const part = async (name: string): Promise<Dataset> => {
    const [images, labels] = await Promise.all([readIdx(`${name}-images`), readIdx(`${name}-labels`)]);
    return dataset(images, [1, 28, 28], labels);
  };
  digits ??= Promise.all([part("train"), part("test")]).then(([train, test]) => ({ train, test }));
  try {
    return await digits;
  } catch (error) {
    digits = undefined;
    throw error;
  }
}

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
