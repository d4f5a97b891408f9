// Runs an experiment once for each seed and gathers its measures.
import { ArgumentError } from "tidu";
import { callback, checkOptions, type Fields, integer, listOf, real, recordOf, text } from "tidu/internal";
import { checkExperiment, type Experiment, type Settings, type Trial } from "./experiment.js";
import type { Comparison, Count, Curve, Measure, Result } from "./result.js";
import { bootstrapInterval, findingOf, type Interval, meanInterval } from "./statistics.js";

/** Options of `runExperiment`. */
export interface RunOptions {
  /** The seeds to run. Default: from 1 to the experiment's own number of seeds. */
  readonly seeds?: readonly number[];
  /** Settings that replace the experiment's own. */
  readonly settings?: Settings;
  /** A name for the machine. Times are only measured if it is given. */
  readonly machine?: string;
  /** Called before each trial with its seed, the number of trials done, and their total number. */
  readonly onSeed?: (seed: number, done: number, seeds: number) => void;
}

const OPTIONS: Fields = {
  seeds: { ...listOf(integer, "a list of whole numbers, at least one"), ok: (v) => Array.isArray(v) && v.length > 0 },
  settings: recordOf(real),
  machine: text,
  onSeed: callback,
};

/** A result without its date, command and engine, which the caller of `runExperiment` knows. */
export type Findings = Omit<Result, "date" | "command" | "engine">;

/**
 * Runs an experiment on the current device. A `portable` device gives the same numbers on every machine.
 *
 * @throws ArgumentError for a setting that the experiment does not have or allow, an empty list of seeds, or a trial that
 *   does not give all numbers.
 *
 * @example
 * ```ts
 * import { experiment, runExperiment } from "@tidu/cli/experiment";
 *
 * const text = (en: string, zh: string) => ({ en, zh });
 * const growth = experiment({
 *   name: "growth",
 *   words: {
 *     question: text("How fast does it grow?", "长得多快？"),
 *     method: text("Each seed is measured once.", "每个种子测一次。"),
 *     verdict: text("By {rate} a day.", "每天 {rate}。"),
 *     labels: { rate: text("growth", "增长") },
 *   },
 *   seconds: 1,
 *   seeds: 3,
 *   settings: {},
 *   measures: { rate: "mm" },
 *   trial: async (seed) => ({ measures: { rate: 2 * seed } }),
 * });
 * const { measures } = await runExperiment(growth, { seeds: [1, 2, 3] });
 * console.log(measures[0].mean); // 4
 * ```
 */
export async function runExperiment(of: Experiment, options: RunOptions = {}): Promise<Findings> {
  checkExperiment("runExperiment", "of", of);
  checkOptions("runExperiment", options, OPTIONS);
  const { seeds = Array.from({ length: of.seeds }, (_, i) => i + 1), onSeed } = options;
  const settings = settingsOf(of, options.settings ?? {});
  const trials: Trial[] = [];
  for (const seed of seeds) {
    onSeed?.(seed, trials.length, seeds.length);
    const trial = await of.trial(seed, settings);
    checkTrial(of, trial);
    trials.push(trial);
  }
  const measures = measuresOf(of, trials);
  return {
    name: of.name,
    question: of.words.question,
    settings,
    seeds,
    measures: measures.map(rounded),
    comparisons: (of.comparisons ?? []).map(([a, b, matters]) => comparisonOf(measures, a, b, matters)),
    curves: curvesOf(of, trials),
    counts: await countsOf(of, settings),
    ...(of.times && options.machine !== undefined ? { times: await timesOf(of, settings, options.machine) } : {}),
  };
}

function settingsOf({ name, settings, limits }: Experiment, changes: Settings): Settings {
  const unknown = Object.keys(changes).find((key) => !Object.hasOwn(settings, key));
  if (unknown !== undefined) {
    throw new ArgumentError(
      `experiment ${name}: there is no setting "${unknown}"; there are ${Object.keys(settings).join(", ")}`,
    );
  }
  const all = { ...settings, ...changes };
  for (const [key, usual] of Object.entries(settings)) checkSetting(name, key, usual, all, limits);
  return all;
}

/** What counts something by itself stays a count, and within its limit. */
function checkSetting(name: string, key: string, usual: number, all: Settings, limits: Experiment["limits"]): void {
  const value = all[key];
  const refuse = (allowed: string): never => {
    throw new ArgumentError(
      `experiment ${name}: ${key} is ${value}; it must be ${allowed}; set it with --set ${key}=…`,
    );
  };
  if (Number.isInteger(usual) && !(Number.isInteger(value) && value >= 1)) refuse("a whole number of at least 1");
  const limit = limits?.[key];
  const most = typeof limit === "string" ? all[limit] : limit;
  if (most !== undefined && value > most) refuse(`at most ${typeof limit === "string" ? `${limit}, ` : ""}${most}`);
}

/** A trial that leaves out a number, or gives one that is none, would be a mean of nothing. */
function checkTrial(of: Experiment, { measures, curves = {} }: Trial): void {
  const numbers = Object.keys(of.measures).map((id) => [id, measures[id]] as const);
  const points = Object.entries(of.curves ?? {}).flatMap(([id, { x }]) =>
    x.values.map((at, i) => [`${id} at ${at}`, curves[id]?.[i]] as const),
  );
  const wrong = [...numbers, ...points].find(([, value]) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new ArgumentError(
    `experiment ${of.name}: its trial gave ${wrong[1]} for "${wrong[0]}"; it must be a finite number`,
  );
}

/** Six significant digits: more than any interval leaves, and short in a file. */
const round = (x: number): number => Number(x.toPrecision(6));
const roundInterval = ({ mean, low, high, n }: Interval): Interval => ({
  mean: round(mean),
  low: low === null ? null : round(low),
  high: high === null ? null : round(high),
  n,
});
const rounded = (measure: Measure): Measure => ({
  ...measure,
  values: measure.values.map(round),
  ...roundInterval(measure),
});

function measureOf({ words }: Experiment, id: string, unit: string, values: readonly number[]): Measure {
  return { id, label: words.labels[id], unit, values, ...bootstrapInterval(values) };
}

const measuresOf = (of: Experiment, trials: readonly Trial[]): Measure[] =>
  Object.entries(of.measures).map(([id, unit]) =>
    measureOf(
      of,
      id,
      unit,
      trials.map(({ measures }) => measures[id]),
    ),
  );

function comparisonOf(measures: readonly Measure[], a: string, b: string, matters: number): Comparison {
  const [first, second] = [a, b].map((id) => measures.find((m) => m.id === id) as Measure);
  const values = first.values.map((x, i) => x - second.values[i]);
  const label = {
    en: `${first.label.en} − ${second.label.en}`,
    zh: `${first.label.zh} − ${second.label.zh}`,
  };
  const unit = first.unit === "%" ? "points" : first.unit;
  const sets = setsOf(values);
  const finding = sets.length === 0 ? null : findingOf(sets[0], sets[1], matters);
  const measure = rounded({ id: `${a}-${b}`, label, unit, values, ...meanInterval(values) });
  return { a, b, matters, ...measure, sets: sets.map(roundInterval), finding };
}

/** With fewer there are no two sets that have intervals. */
const FEWEST = 4;

/** The intervals of the first half of the values and of the second, which is to confirm it. */
function setsOf(values: readonly number[]): Interval[] {
  if (values.length < FEWEST) return [];
  const half = Math.ceil(values.length / 2);
  return [values.slice(0, half), values.slice(half)].map(meanInterval);
}

const curvesOf = (of: Experiment, trials: readonly Trial[]): Curve[] =>
  Object.entries(of.curves ?? {}).map(([id, { unit, x }]) => ({
    id,
    label: of.words.labels[id],
    unit,
    x: { label: x.label, unit: x.unit },
    points: x.values.map((at, i) => ({
      x: at,
      ...roundInterval(bootstrapInterval(trials.map(({ curves }) => curves?.[id][i] as number))),
    })),
  }));

async function countsOf(of: Experiment, settings: Settings): Promise<Count[]> {
  const counted = await of.counts?.(settings);
  return Object.entries(of.counted ?? {}).map(([id, unit]) => ({
    id,
    label: of.words.labels[id],
    unit,
    value: round(counted?.[id] as number),
  }));
}

async function timesOf(of: Experiment, settings: Settings, machine: string) {
  const rounds = await of.times?.(settings);
  const measures = Object.entries(of.timed ?? {}).map(([id, unit]) =>
    rounded(measureOf(of, id, unit, rounds?.[id] ?? [])),
  );
  return { machine, measures };
}
