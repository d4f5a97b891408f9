// The parts of data by their purpose, and how samples are set apart.
import { DataError } from "tidu";
import { foldRows, splitRows } from "tidu/internal";
import { optionName } from "./option-names.js";
import type { OpenOptions, PartName } from "./source.js";

export type { PartName } from "./source.js";

/** The data's part for each purpose. */
export type Parts<P> = { readonly train: P } & { readonly [name in PartName]?: P };

/** Words that name a part, in files' and folders' names. */
const WORDS: Readonly<Record<PartName, readonly string[]>> = {
  train: ["train", "training"],
  validation: ["validation", "valid", "val", "dev"],
  test: ["test", "testing", "t10k"],
};

/** All of these words, each with the part that it names. */
export const partWords = (): [PartName, word: string][] =>
  (Object.keys(WORDS) as PartName[]).flatMap((name) => WORDS[name].map((word): [PartName, string] => [name, word]));

/** The part that a word names. */
export const partOf = (word: string): PartName | undefined =>
  partWords().find(([, known]) => known === word.toLowerCase())?.[0];

/** Parts, of which only the first must be there. */
export const makeParts = <P>(train: P, validation: P | undefined, test: P | undefined): Parts<P> => ({
  train,
  ...(validation === undefined ? {} : { validation }),
  ...(test === undefined ? {} : { test }),
});

/** The same for each part that there is. */
export function mapParts<P, Q>({ train, validation, test }: Parts<P>, change: (part: P) => Q): Parts<Q> {
  const optional = (part: P | undefined): Q | undefined => (part === undefined ? undefined : change(part));
  return makeParts(change(train), optional(validation), optional(test));
}

/** Combines each part of `a` with that of `b`; both have the same parts. */
export function combineParts<A, B, C>(a: Parts<A>, b: Parts<B>, join: (a: A, b: B) => C): Parts<C> {
  const rest = listParts(b);
  return mapParts(a, (part) => join(part, rest.shift()!));
}

/** All parts, the training part first. */
export const listParts = <P>(parts: Parts<P>): P[] =>
  [parts.train, parts.validation, parts.test].filter((part) => part !== undefined);

/** Samples that can be divided. */
export interface Divisible<P> {
  readonly count: number;
  /** Class numbers, to keep the share of each class. */
  readonly labels?: ArrayLike<number>;
  take(rows: Int32Array): P;
}

/** Chooses the share of samples that are set apart; tells how. */
export type Choose<P> = (
  train: P,
  share: number,
  seed: number,
) => readonly [rest: Int32Array, held: Int32Array, how: string];

/**
 * Sets samples apart for validation if requested and the data has no such part.
 *
 * @param choose default: at random, a share of each class.
 */
export function setApart<P extends Divisible<P>>(
  parts: Parts<P>,
  { validation, seed = 0, folds, fold = 1 }: OpenOptions,
  describe: (line: string) => void,
  choose?: Choose<P>,
): Parts<P> {
  if (folds !== undefined) return { ...parts, ...oneFold(parts, { folds, fold, seed }, describe, choose) };
  if (validation === undefined || validation === 0) return parts;
  if (parts.validation !== undefined) {
    describe("the data has a part for validation, so none is set apart");
    return parts;
  }
  const { train } = parts;
  if (choose !== undefined) {
    const [rest, held, how] = choose(train, validation, seed);
    describe(`${held.length} of ${train.count} training samples set apart for validation${how}`);
    return { ...parts, train: train.take(rest), validation: train.take(held) };
  }
  if (train.count > 1 && train.labels !== undefined && new Set(Array.from(train.labels)).size === train.count) {
    throw new DataError(
      `${optionName("validation")}: each of the ${train.count} samples has a class of its own, so none can be set apart; choose another target, set ${optionName("task")} to regression if it holds values, or set ${optionName("delimiter")} if the fields are not divided`,
    );
  }
  if (Math.round(train.count * validation) === 0) {
    throw new DataError(
      `${optionName("validation")}: a share of ${validation} of ${train.count} ${train.count === 1 ? "sample" : "samples"} rounds to 0; add samples, give a larger share, or 0 for no validation`,
    );
  }
  const [rest, held] = splitRows(train.count, validation, seed, train.labels);
  describe(`${held.length} of ${train.count} training samples set apart for validation`);
  return { ...parts, train: train.take(rest), validation: train.take(held) };
}

/** Sets one part of several apart. */
function oneFold<P extends Divisible<P>>(
  { train, validation }: Parts<P>,
  { folds, fold, seed }: { readonly folds: number; readonly fold: number; readonly seed: number },
  describe: (line: string) => void,
  choose: Choose<P> | undefined,
): Pick<Parts<P>, "train" | "validation"> {
  if (validation !== undefined)
    throw new DataError("folds: the data has a part for validation already; leave it out, or validate by it");
  if (train.count < folds)
    throw new DataError(`folds: ${train.count} samples cannot be divided into ${folds} parts; give fewer`);
  const part =
    choose === undefined
      ? foldRows(train.count, folds, seed, train.labels)[fold - 1]
      : chosenPart(train, { folds, fold, seed }, choose);
  const apart = new Set(withoutLast(train, part));
  const rest = new Int32Array(train.count).map((_, i) => i).filter((i) => !apart.has(i));
  describe(`${apart.size} of ${train.count} training samples set apart for validation: part ${fold} of ${folds}`);
  return { train: train.take(rest), validation: train.take(Int32Array.from(apart)) };
}

/** Parts that are chosen one after the other, each time the share of what is left which makes all equal. */
function chosenPart<P extends Divisible<P>>(
  train: P,
  { folds, fold, seed }: { readonly folds: number; readonly fold: number; readonly seed: number },
  choose: Choose<P>,
): Int32Array {
  let left = new Int32Array(train.count).map((_, i) => i);
  for (let i = 1; i < fold; i++) {
    const [rest] = choose(train.take(left), 1 / (folds - i + 1), seed);
    left = rest.map((place) => left[place]);
  }
  // What is left after all others is the last part.
  if (fold === folds) return left;
  const [, held] = choose(train.take(left), 1 / (folds - fold + 1), seed);
  return held.map((place) => left[place]);
}

/** Without samples that are the last of their class: training needs at least one of each. */
function withoutLast<P extends Divisible<P>>({ count, labels }: P, held: Int32Array): Int32Array {
  if (labels === undefined) return held;
  const apart = new Set(held);
  const learned = new Set<number>();
  for (let i = 0; i < count; i++) if (!apart.has(i)) learned.add(labels[i]);
  return held.filter((i) => learned.has(labels[i]));
}
