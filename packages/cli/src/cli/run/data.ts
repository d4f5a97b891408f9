// Opens the data of a run, the same each time.
import { createHash } from "node:crypto";
import { existsSync, lstatSync } from "node:fs";
import { join, resolve } from "node:path";
import { ArgumentError, DataError } from "tidu";
import { type Dataset, split } from "tidu/data";
import { NAMED, openData } from "../../sources/index.js";
import { openAs } from "../../sources/open.js";
import type { OpenOptions, Preprocess, ReadProgress, Source } from "../../sources/source.js";
import { STDIN } from "../../sources/tables/bytes.js";
import { counted } from "../ui/format.js";
import { fromHere } from "../ui/from-here.js";
import type { DataChoices, DataRecord, RunConfig, TrainingChoices } from "./config.js";
import { isRunFolder, TUNING } from "./folder.js";
import type { PartName } from "./parts.js";

/** The parts of the data, and their source. */
export interface RunData {
  readonly source: Source;
  readonly train: Dataset;
  readonly validation?: Dataset;
  /** The name of the validation part in messages. */
  readonly validationName: "validation" | "test";
  readonly test?: Dataset;
  /** Where a sample of a part comes from. */
  readonly origin: (part: PartName, sample: number) => string;
}

/**
 * A name of the data that holds in any working folder: built-in names unchanged, paths absolute.
 *
 * @throws ArgumentError if there is no such data.
 */
export function lasting(path: string): string {
  if (path === STDIN || Object.hasOwn(NAMED, path)) return path;
  checkNoRun(path);
  if (existsSync(path)) return resolve(path);
  throw new ArgumentError(`${path}: there is no such file or folder; tidu datasets lists the supported formats`);
}

/** Throws ArgumentError for a path that does not exist. A broken link exists, and is reported when data are read. */
export function checkThere(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
    throw new ArgumentError(`${path}: there is no such file or folder`);
  checkNoRun(path);
}

/** Throws ArgumentError for a folder that a training has made. */
function checkNoRun(path: string): void {
  if (isRunFolder(path))
    throw new ArgumentError(
      `${path} is the folder of ${existsSync(join(path, TUNING)) ? "a search of tidu tune" : "a run"}, not data; run tidu resume ${path}, or give the data that it trains on`,
    );
}

/**
 * Reads what a run learns from, in the parts that it asks for. The same choices give the same parts.
 *
 * @param inputs the preprocessing of another run, by which inputs are read.
 * @throws as `openData` does, and ArgumentError if a test part is asked for that is not there.
 */
export async function openRunData(
  { path, options, ...others }: DataRecord,
  { validation, samples, seed }: Pick<TrainingChoices, "validation" | "samples" | "seed">,
  onProgress?: (progress: ReadProgress) => void,
  inputs?: Preprocess,
): Promise<RunData> {
  const held = validation === "test" || others.validation !== undefined ? 0 : validation;
  const reading = { ...options, validation: held, seed, onProgress };
  const first = await (inputs === undefined ? openData(path, reading) : openAs(path, { ...reading, inputs }));
  const source = await withOthers(first, options, others, onProgress);
  const { test } = source;
  const train = await atMost(source.train, samples, seed);
  // A subset of samples loses their origins.
  const origin = (part: PartName, sample: number): string =>
    part === "train" && train !== source.train
      ? `training sample ${sample}`
      : source.origin(part === "validation" && validation === "test" ? "test" : part, sample);
  if (validation !== "test")
    return { source, train, validation: source.validation, validationName: "validation", test, origin };
  if (test === undefined) {
    throw new ArgumentError(`--validation test: ${path} has no test part; give a share, such as --validation 0.1`);
  }
  return { source, train, validation: test, validationName: "test", test, origin };
}

/** Nothing is set apart. */
const WHOLE = { splitBy: undefined, splitTime: undefined, folds: undefined, fold: undefined } as const;

/** A source with parts from other files, which are read as its own training part is. */
async function withOthers(
  source: Source,
  options: DataChoices,
  paths: Pick<DataRecord, "validation" | "test">,
  onProgress?: (progress: ReadProgress) => void,
): Promise<Source> {
  let all = source;
  for (const part of ["validation", "test"] as const) {
    const path = paths[part];
    if (path === undefined) continue;
    const reading = { ...options, ...WHOLE, kind: undefined, labels: undefined };
    const other = await openData(path, { ...reading, preprocess: source.preprocess, onProgress });
    const line = `${counted(other.train.count, "sample")} for ${part} from ${fromHere(path)}`;
    const fingerprint = createHash("sha256").update(`${all.fingerprint} ${part} ${other.fingerprint}`).digest("hex");
    const before = all.origin;
    const origin = (of: PartName, sample: number): string =>
      of === part ? other.origin("train", sample) : before(of, sample);
    all = { ...all, [part]: other.train, origin, fingerprint, description: [...all.description, line] };
  }
  return all;
}

/** At most `count` samples, stratified by class. */
async function atMost(data: Dataset, samples: number | undefined, seed: number): Promise<Dataset> {
  if (samples === undefined || samples >= data.count) return data;
  const [, chosen] = await split(data, { validation: samples / data.count, seed });
  return chosen;
}

/**
 * The data of a run that was begun.
 *
 * @throws DataError if they have changed.
 */
export async function reopenRunData(
  { data, training }: RunConfig,
  onProgress?: (progress: ReadProgress) => void,
): Promise<RunData> {
  if (data.path === STDIN && process.stdin.isTTY) {
    throw new ArgumentError("the run was trained on standard input; give it the same data again, as in: … < data.csv");
  }
  const found = await openRunData(
    data,
    training,
    onProgress,
    data.preprocessedAs === undefined ? undefined : data.preprocess,
  );
  if (found.source.fingerprint === data.fingerprint) return found;
  throw new DataError(
    `${fromHere(data.path)} has changed since the run began (fingerprint ${short(found.source.fingerprint)}, was ${short(data.fingerprint)}); put the data back, or train again`,
  );
}

const short = (fingerprint: string): string => fingerprint.slice(0, 12);

/** Options for reading new data as the run's network needs them. */
export const sameReading = ({ data: { options, preprocess } }: RunConfig): OpenOptions => ({
  ...options,
  ...WHOLE,
  kind: undefined,
  labels: undefined,
  preprocess,
});
