// The search space of `tidu tune`: the settings of --set, each with its choices or its range.
import { createHash } from "node:crypto";
import { type Command, InvalidArgumentError, Option } from "commander";
import { ArgumentError } from "tidu";
import { nearest } from "../../text/nearest.js";
import { findModel } from "../models/model.js";
import type { ModelRecord } from "../models/record.js";
import type { ModelOptions } from "../models/request.js";
import type { Wishes } from "../run/wishes.js";

/** Options of a training that may be searched; other names are options of the model file. */
const SEARCHED = [
  ...["model", "hidden", "epochs", "batchSize", "optimizer", "lr", "schedule", "loss", "clip", "l2", "dropout"],
  ...["augment", "earlyStop"],
] as const;

/** Where a setting is searched if nothing is said: numbers from low to high, or some values. */
export interface Dimension {
  /** As it is said, such as batch-size. */
  readonly name: string;
  /** In a run's wishes; undefined for an option of the model file. */
  readonly key?: string;
  readonly domain: Range | Choices;
  /** What a text stands for. Throws for one that the option does not take. */
  readonly read: (text: string) => unknown;
}

interface Range {
  readonly low: number;
  readonly high: number;
  /** Whether factors are equally likely, not differences. */
  readonly log: boolean;
  readonly whole: boolean;
  /** Points in a grid. */
  readonly points: number;
}

interface Choices {
  readonly texts: readonly string[];
}

/** The settings of a trial, by the names of the dimensions, as texts. */
export type Settings = Readonly<Record<string, string>>;

/** Default number of points of a range in a grid. */
const POINTS = 5;
/** A range with a factor of at least this between its ends is searched by factors. */
const WIDE = 10;
/** Options that are whole numbers. */
const COUNTS = ["epochs", "batchSize", "earlyStop", "hidden"];
const NUMBER = "[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[-+]?\\d+)?";
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})(?:/(\\d+))?$`, "i");

/** `--set`, said once for each setting. */
export const searchOption = (): Option =>
  new Option(
    "--set <setting>",
    "a setting to search; repeat the option for each: lr=1e-4..1e-1, batch-size=16,32 or hidden=64|64,64; other names are options of the model file (default: lr, batch size and dropout)",
  ).argParser((text: string, before: readonly string[] = []) => [...before, text]);

/** The default search space. */
export const USUAL = ["lr=1e-4..1e-2", "batch-size=16,32,64", "dropout=0..0.5"];

/**
 * Reads the settings.
 *
 * @param command has the options of a training, which read the values.
 * @throws ArgumentError for a text that is not a setting, a name that cannot be searched, or a value that its option does
 *   not take.
 */
export function readSpace(texts: readonly string[], command: Command): Dimension[] {
  const dimensions = texts.map((text) => dimensionOf(text, command));
  const twice = dimensions.find(({ name }, i) => dimensions.findIndex((other) => other.name === name) < i);
  if (twice !== undefined) throw new ArgumentError(`--set ${twice.name}: it is given twice; give it once`);
  return dimensions;
}

/** "batch-size" for batchSize. */
const optionName = (key: string): string => key.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

function dimensionOf(text: string, command: Command): Dimension {
  const [, name, values] = /^\s*([\w-]+)\s*=(.*)$/s.exec(text) ?? [];
  if (name === undefined || values.trim() === "" || name === "__proto__") {
    throw new ArgumentError(
      `--set "${text}": it must be a name and what to search, such as lr=1e-4..1e-1 or batch-size=16,32`,
    );
  }
  const option = command.options.find(({ long }) => long === `--${name}`);
  const key = option?.attributeName();
  if (key !== undefined && !(SEARCHED as readonly string[]).includes(key)) {
    const names = SEARCHED.map(optionName);
    throw new ArgumentError(
      `--set ${name}: it cannot be searched; use ${names.join(", ")} or an option of the model file, and give --${name} once for all trials`,
    );
  }
  const read = option === undefined ? meaningOf : reader(name, option);
  const domain = domainOf(name, values.trim(), key === undefined ? "as written" : COUNTS.includes(key));
  const ends = "texts" in domain ? domain.texts : [String(domain.low), String(domain.high)];
  for (const end of ends) read(end);
  return { name, key, domain, read };
}

/**
 * Throws ArgumentError for a setting of no name that can be searched, where no model file could take it.
 *
 * @param model that of all trials; others may be searched.
 */
export function checkNames(model: Wishes["model"], from: string | undefined, space: readonly Dimension[]): void {
  const searched = space.find(({ key }) => key === "model")?.domain;
  const models = searched !== undefined && "texts" in searched ? searched.texts : [model];
  const isFile = (one: Wishes["model"]) => (typeof one === "object" ? one.source !== undefined : one?.includes("."));
  if (from === undefined && models.some(isFile)) return;
  const wrong = space.find(({ key }) => key === undefined);
  if (wrong === undefined) return;
  const names = SEARCHED.map(optionName);
  const near = nearest(wrong.name, names);
  throw new ArgumentError(
    `--set ${wrong.name}: there is no such setting${near === undefined ? "" : `, did you mean ${near}`}; use ${names.join(", ")}, or give --model a file, which gets other names as options`,
  );
}

/** Reads a value as the command line does. */
const reader =
  (name: string, option: Option) =>
  (text: string): unknown => {
    try {
      return option.parseArg === undefined ? text : option.parseArg(text, undefined as never);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      throw new ArgumentError(`--set ${name}: "${text}" is not valid: ${error.message.replace(/^It /, "it ")}`);
    }
  };

function meaningOf(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function domainOf(name: string, text: string, whole: boolean | "as written"): Range | Choices {
  const [, first, last, points] = RANGE.exec(text) ?? [];
  if (first === undefined) {
    const texts = text.split(text.includes("|") ? "|" : ",").map((each) => each.trim());
    const again = texts.find((each, i) => each === "" || texts.indexOf(each) < i);
    if (again === undefined) return { texts };
    throw new ArgumentError(
      `--set ${name}: "${text}" has ${again === "" ? "an empty choice" : `"${again}" twice`}; join choices by commas, or by | where they have commas, as in hidden=64|64,64`,
    );
  }
  const [low, high] = [Number(first), Number(last)];
  if (!(low < high && Number.isFinite(high)))
    throw new ArgumentError(`--set ${name}: the range ${text} is empty; the smaller number comes first`);
  if (points !== undefined && Number(points) < 2)
    throw new ArgumentError(`--set ${name}: ${text}: a grid needs at least 2 points of a range`);
  const counts = whole === "as written" ? [low, high].every(Number.isInteger) && !/[.e]/i.test(first + last) : whole;
  return { low, high, log: low > 0 && high / low >= WIDE, whole: counts, points: Number(points ?? POINTS) };
}

/** The value at a place of a range, from 0 to 1, with four digits. */
function along({ low, high, log, whole }: Range, place: number): string {
  const value = log ? low * (high / low) ** place : low + (high - low) * place;
  return String(whole ? Math.round(value) : Number(value.toPrecision(4)));
}

/** All combinations, the first dimension changing most slowly. */
export function gridOf(space: readonly Dimension[]): Settings[] {
  return space.reduce<Settings[]>(
    (all, { name, domain }) =>
      all.flatMap((settings) => gridPoints(domain).map((text) => ({ ...settings, [name]: text }))),
    [{}],
  );
}

const gridPoints = (domain: Range | Choices): readonly string[] =>
  "texts" in domain
    ? domain.texts
    : [...new Set(Array.from({ length: domain.points }, (_, i) => along(domain, i / (domain.points - 1))))];

/** So many combinations before a space without ranges is not counted. */
const COUNTED = 10_000;

/**
 * Combinations at random, each another one (Bergstra and Bengio, 2012); all of them where there are no more than `count`.
 */
export function randomOf(space: readonly Dimension[], count: number, seed: number): Settings[] {
  const isCounted = space.every(({ domain }) => "texts" in domain);
  const size = space.reduce((n, { domain }) => n * gridPoints(domain).length, 1);
  if (isCounted && size <= Math.min(count, COUNTED)) return gridOf(space);
  const found = new Map<string, Settings>();
  for (let draw = 0; found.size < count && draw < 100 * count; draw++) {
    const settings = Object.fromEntries(
      space.map(({ name, domain }) => [name, drawn(domain, uniform(`${seed} ${draw} ${name}`))]),
    );
    found.set(JSON.stringify(settings), settings);
  }
  return [...found.values()];
}

const drawn = (domain: Range | Choices, place: number): string =>
  "texts" in domain ? domain.texts[Math.floor(place * domain.texts.length)] : along(domain, place);

/** A number from 0 up to 1 that a text decides. */
const uniform = (text: string): number => createHash("sha256").update(text).digest().readUIntBE(0, 6) / 2 ** 48;

/** What a trial is trained with. */
export async function wishesOfTrial(space: readonly Dimension[], settings: Settings): Promise<Partial<Wishes>> {
  const set: Record<string, ModelOptions[string]> = {};
  const wishes: Record<string, unknown> = {};
  for (const { name, key, read } of space) {
    const value = read(settings[name]);
    if (key === undefined) set[name] = value as ModelOptions[string];
    else wishes[key] = key === "model" ? await modelOf(value as string) : value;
  }
  return { ...wishes, ...(Object.keys(set).length === 0 ? {} : { set }) };
}

/** A file is kept as it is now. */
async function modelOf(name: string): Promise<string | ModelRecord> {
  const record = await findModel(name);
  return record.source === undefined ? name : record;
}
