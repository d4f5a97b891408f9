// Turns the targets as written into class numbers or values.
import { DataError } from "tidu";
import { show } from "tidu/internal";
import { namesLine } from "./describe.js";
import { optionName } from "./option-names.js";
import { listParts, mapParts, type Parts } from "./parts.js";
import type { Reading } from "./reading.js";
import { takeRows } from "./rows.js";
import type { Scale, Task } from "./source.js";
import { checkNear, measure } from "./statistics.js";
import { areClasses } from "./tables/target-rule.js";

/** Targets as they are written: a name for each sample, or `width` numbers. */
export interface RawTargets {
  readonly values: readonly string[] | ArrayLike<number>;
  readonly width: number;
  /** Different whole numbers up to which they are taken for classes. */
  readonly mostClasses: number;
  /** Where a sample's target stands, for errors. */
  where(sample: number): string;
}

/** Classes beyond this are a mistake. */
const MOST_CLASSES = 10_000;

/** Targets of one part: class numbers, or values in their own units. */
export class Targets {
  constructor(
    readonly values: Uint8Array | Int32Array | Float64Array,
    readonly width: number,
  ) {}

  get count(): number {
    return this.values.length / this.width;
  }

  /** Class numbers, if that is what they are. */
  get labels(): Uint8Array | Int32Array | undefined {
    return this.values instanceof Float64Array ? undefined : this.values;
  }

  take(rows: Int32Array): Targets {
    return new Targets(takeRows(this.values, this.width, rows), this.width);
  }

  /** What a data set holds: class numbers, or standardized values. */
  finish(scales: readonly Scale[] | undefined): Uint8Array | Int32Array | Float32Array {
    if (!(this.values instanceof Float64Array)) return this.values;
    const standardized = Float32Array.from(this.values, (value, i) => {
      const { mean, deviation } = scales![i % this.width];
      return (value - mean) / deviation;
    });
    checkNear(standardized, this.values, "targets");
    return standardized;
  }
}

/** What values are standardized by: an earlier source's statistics, or those of the training samples. */
export function learnScales(train: Targets, names: readonly string[], known?: readonly Scale[]): Scale[] {
  const { mean, deviation } = measure(train.values, train.width, 1);
  return names.map((name, i) => known?.[i] ?? { name, mean: mean[i], deviation: deviation[i] });
}

export interface LearnedTargets {
  readonly task: Task;
  readonly classes?: readonly string[];
  readonly parts: Parts<Targets>;
}

/**
 * Decides whether targets are classes or values, and which classes there are: those of the training samples, numbers in
 * their order, names in that of their code units.
 *
 * @throws DataError for a class that training does not have, names where values are needed, or too many classes.
 */
export function learnTargets(raw: Parts<RawTargets>, options: Reading): LearnedTargets {
  const task = options.preprocess?.task ?? options.task ?? inferTask(raw);
  if (task === "regression") {
    const parts = mapParts(raw, toValues);
    if (options.preprocess === undefined) checkVaries(raw.train, parts.train);
    return { task, parts };
  }
  const classes = options.preprocess?.classes ?? inOrder(distinctNames(raw.train), options.inputs?.classes);
  if (classes.length < 2) {
    throw new DataError(
      `${raw.train.where(0)}: every sample is of the class ${show(classes[0])}, so there is nothing to tell apart; choose another target, or add samples of other classes`,
    );
  }
  const numbers = new Map(classes.map((name, i) => [name, i]));
  return { task, classes, parts: mapParts(raw, (part) => toLabels(part, numbers)) };
}

/** Names in the order in which an earlier source has them, if they are the same. */
function inOrder(names: readonly string[], known: readonly string[] = []): readonly string[] {
  const all = new Set(names);
  return known.length === names.length && known.every((name) => all.has(name)) ? known : names;
}

function inferTask(raw: Parts<RawTargets>): Task {
  const few = listParts(raw).every(({ values, width, mostClasses }) => {
    if (isNames(values)) return true;
    return width === 1 && areClasses(Array.from(values), mostClasses);
  });
  return few ? "classification" : "regression";
}

/** Throws DataError where all samples have the same values. */
function checkVaries({ where }: RawTargets, { values, width, count }: Targets): void {
  if (count < 2 || values.some((value, i) => value !== values[i % width])) return;
  throw new DataError(
    `${where(0)}: every sample has the value ${[...values.subarray(0, width)].join(", ")}, so there is nothing to predict; choose another target, or add samples of other values`,
  );
}

const isNames = (values: RawTargets["values"]): values is readonly string[] => typeof values[0] === "string";

function distinctNames({ values, where }: RawTargets): string[] {
  const distinct = new Set<string | number>(Array.from<string | number>(values));
  if (distinct.size > MOST_CLASSES) {
    throw new DataError(
      `${where(0)}: there are ${distinct.size} different targets, at most ${MOST_CLASSES} can be classes; set ${optionName("task")} to regression, or choose another target`,
    );
  }
  const names = [...distinct].sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : a < b ? -1 : 1));
  return names.map(String);
}

function toLabels(raw: RawTargets, numbers: ReadonlyMap<string, number>): Targets {
  if (raw.width !== 1) {
    throw new DataError(
      `${raw.where(0)}: a sample has ${raw.width} targets, and one class; set ${optionName("task")} to regression`,
    );
  }
  const labels = numbers.size <= 256 ? new Uint8Array(raw.values.length) : new Int32Array(raw.values.length);
  for (let i = 0; i < labels.length; i++) {
    const label = numbers.get(String(raw.values[i]));
    if (label === undefined) {
      const known = namesLine([...numbers.keys()]);
      throw new DataError(
        `${raw.where(i)}: ${show(String(raw.values[i]))} is not one of the classes learned, ${known}; remove it`,
      );
    }
    labels[i] = label;
  }
  return new Targets(labels, 1);
}

function toValues(raw: RawTargets): Targets {
  if (isNames(raw.values)) {
    throw new DataError(`${raw.where(0)}: the target is ${show(String(raw.values[0]))}, regression needs numbers`);
  }
  const values = Float64Array.from(raw.values);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new DataError(
      `${raw.where(Math.floor(bad / raw.width))}: the target is ${values[bad]}; correct it or leave the sample out`,
    );
  }
  return new Targets(values, raw.width);
}
