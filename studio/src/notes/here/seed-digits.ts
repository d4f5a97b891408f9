// The digits of one seed, as the experiments take them, from files beside the pages.
import { type Dataset, dataset, decodeIdx } from "tidu/data";
import { DEVIATION, MEAN } from "tidu/internal";
import { order, pick, type Source } from "../../../../experiments/lib/digits.js";
import { FIRST, LAST } from "./packs.js";

const TRAINING = 60_000;
const CLASSES = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** The content of a file of digits by its name, such as "seed-1-images". */
export type Fetch = (name: string) => Promise<Uint8Array>;

/** Digits of a seed: the same rows, and the same numbers of them, as from all of MNIST. */
export function digitsOfSeed(seed: number, fetch: Fetch): Source {
  const all = order(TRAINING, seed);
  const drawn = [...all.subarray(0, FIRST), ...all.subarray(TRAINING - LAST)];
  const places = new Map(drawn.map((row, place) => [row, place]));
  const pack = once(() => read(`seed-${seed}`, fetch));
  const tests = once(() => read("tests", fetch));
  return {
    training: async (rows) => {
      const wanted = Int32Array.from(rows, (row) => places.get(row) ?? -1);
      if (wanted.includes(-1)) throw new RangeError(`digits of seed ${seed}: there are ${FIRST} and ${LAST}, no more`);
      return pick(await pack(), wanted);
    },
    tests: async (samples) => pick(await tests(), order((await tests()).count, undefined).subarray(0, samples)),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** As `mnist()` of tidu/data has them: networks see them standardized. */
async function read(name: string, fetch: Fetch): Promise<Dataset> {
  const [images, labels] = await Promise.all(
    [`${name}-images`, `${name}-labels`].map(async (file) => Uint8Array.from(decodeIdx(await fetch(file), file).data)),
  );
  return dataset(images, [1, 28, 28], labels, {
    classes: CLASSES,
    transform: (batch) =>
      batch
        .toFloat()
        .mul(1 / (255 * DEVIATION))
        .sub(MEAN / DEVIATION),
  });
}
