// Random words for shuffling, the same on every machine.
import { threefry2x32 } from "../base/threefry.js";

/** Random words are integers from 0 to this less 1. */
export const WORDS = 2 ** 32;

// The same seed also goes to other users of random numbers. A key of its own keeps the shuffle independent of them.
const PURPOSE = [0x73687566, 0x666c6521] as const;

/** The key of a seed's shuffles. */
export const shuffleKey = (seed: number): readonly [number, number] =>
  threefry2x32(seed, Math.floor(seed / WORDS), ...PURPOSE);

/** A uniform integer from 0 to bound - 1. Words past the last whole multiple of `bound` would favor low values. */
export function below(bound: number, nextWord: () => number): number {
  const fair = WORDS - (WORDS % bound);
  let word = nextWord();
  while (word >= fair) word = nextWord();
  return word % bound;
}

/** The random words of one epoch, two for each value of the counter. */
export function wordStream(key: readonly [number, number], epoch: number): () => number {
  let counter = 0;
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const word = spare;
      spare = undefined;
      return word;
    }
    const [word, next] = threefry2x32(...key, counter++, epoch);
    spare = next;
    return word;
  };
}
