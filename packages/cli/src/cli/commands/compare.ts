// `tidu compare`: how runs differ in settings and results.
import { type Command, Option } from "commander";
import { ArgumentError } from "tidu";
import { Output } from "../output.js";
import { csvLine } from "../predictions/csv.js";
import { differing, type Outcome, outcomeOf, settingsOf } from "../run/comparison.js";
import { RunFolder } from "../run/folder.js";
import { formatBytes, formatCount, formatDuration, formatLoss, formatPercent } from "../ui/format.js";
import { table } from "../ui/table.js";
import { whole } from "../values.js";

interface Options {
  sort?: string;
  reverse?: true;
  limit?: number;
  json?: true;
  csv?: true;
}

const EXAMPLES = `
Examples:
  $ tidu compare runs/a runs/b
  $ tidu compare runs/* --sort "validation loss" --limit 10
  $ tidu compare runs/* --csv > runs.csv`;

/** Runs beyond which each is a line rather than a column. */
const SIDE_BY_SIDE = 4;

/** tidu compare: how runs differ, and their final metrics. */
export function addCompare(program: Command): void {
  program
    .command("compare")
    .summary("compare runs: settings and final metrics")
    .description(
      "Compare runs: the settings in which they differ, and their final metrics. Up to four runs are shown side by side; more have a line each.",
    )
    .argument("<dirs...>", "folders of runs; other folders are listed and skipped, and the exit code is then 2")
    .option(
      "--sort <name>",
      'sort by a result, best first, such as "test accuracy", or by a setting, ascending, such as lr',
    )
    .option("--reverse", "reverse the order")
    .option("--limit <n>", "show only the first n runs", whole(1))
    .option("--json", "JSON, for scripts")
    .addOption(
      new Option("--csv", "CSV, for spreadsheets: a row for each run, all settings and results").conflicts("json"),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (paths: string[], options: Options) => {
      const output = new Output(process.stdout, options.json);
      const { runs, leftOut, wrong } = await found(paths);
      const sorted = inOrder(runs, options).slice(0, options.limit);
      const names = differing(sorted.map(({ settings }) => settings));
      if (options.csv) await output.write(asCsv(sorted));
      else show(sorted, names, leftOut, output);
      if (wrong !== undefined) throw wrong;
    });
}

function show(sorted: readonly Compared[], names: readonly string[], leftOut: readonly string[], output: Output): void {
  output.event({ differing: names, runs: sorted, ...(leftOut.length > 0 ? { leftOut } : {}) });
  const lines = [
    ["run", ...sorted.map(({ directory }) => directory)],
    ...differences(sorted, names),
    ...outcomes(sorted),
  ];
  output.say(table(sorted.length > SIDE_BY_SIDE ? transposed(lines) : lines));
  if (leftOut.length > 0)
    output.say(`left out: ${leftOut.join(", ")}, which ${leftOut.length === 1 ? "is not a run" : "are not runs"}`);
}

interface Compared {
  readonly directory: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome;
}

/** Reads the runs. Folders that are not runs are skipped, unless all are; `wrong` is the error of the first of them. */
async function found(
  paths: readonly string[],
): Promise<{ runs: Compared[]; leftOut: string[]; wrong: ArgumentError | undefined }> {
  const runs: Compared[] = [];
  const leftOut: string[] = [];
  let wrong: ArgumentError | undefined;
  for (const directory of paths) {
    try {
      const { folder, config } = await RunFolder.open(directory);
      runs.push({ directory, settings: settingsOf(config), outcome: await outcomeOf(folder) });
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      wrong ??= error;
      leftOut.push(directory);
    }
  }
  if (runs.length === 0) throw wrong;
  return { runs, leftOut, wrong };
}

/** A result: its name, how it is written, and whether more of it is better. */
interface Measure {
  readonly name: string;
  readonly format: (value: number) => string;
  readonly rises?: true;
}

const measures: Readonly<Record<keyof Outcome, Measure>> = {
  parameters: { name: "parameters", format: formatCount },
  epochsDone: { name: "epochs done", format: String },
  bestEpoch: { name: "best epoch", format: String },
  trainLoss: { name: "train loss", format: formatLoss },
  validationLoss: { name: "validation loss", format: formatLoss },
  validationAccuracy: { name: "validation accuracy", format: formatPercent, rises: true },
  testLoss: { name: "test loss", format: formatLoss },
  testAccuracy: { name: "test accuracy", format: formatPercent, rises: true },
  seconds: { name: "time", format: formatDuration },
  peakBytes: { name: "peak engine memory", format: formatBytes },
};
const MEASURES = Object.entries(measures) as [keyof Outcome, Measure][];

/** Settings of any of the runs. */
const settingsIn = (runs: readonly Compared[]): string[] => [
  ...new Set(runs.flatMap(({ settings }) => Object.keys(settings))),
];

/** Measures of any of the runs. */
const measuresIn = (runs: readonly Compared[]): [keyof Outcome, Measure][] =>
  MEASURES.filter(([key]) => runs.some(({ outcome }) => outcome[key] !== undefined));

/** @throws ArgumentError for a name that is not a result or setting. */
function inOrder(
  runs: readonly Compared[],
  { sort, reverse = false }: { readonly sort?: string; readonly reverse?: boolean },
): Compared[] {
  if (sort === undefined) return reverse ? runs.toReversed() : [...runs];
  const measure = MEASURES.find(([key, { name }]) => [key, name].includes(sort));
  const settings = settingsIn(runs);
  if (measure === undefined && !settings.includes(sort)) {
    const known = [...MEASURES.map(([, { name }]) => name), ...settings].join(", ");
    throw new ArgumentError(`--sort ${sort}: there is no such result or setting; use one of ${known}`);
  }
  const measured = ({ settings, outcome }: Compared): unknown =>
    measure === undefined ? settings[sort] : outcome[measure[0]];
  const sign = (measure?.[1].rises === true) === reverse ? 1 : -1;
  return runs.toSorted((a, b) => byValue(measured(a), measured(b), sign));
}

/** Numbers by size, others as texts; missing values come last. */
function byValue(a: unknown, b: unknown, sign: 1 | -1): number {
  const isThere = (value: unknown): boolean => value !== undefined && value !== null;
  if (!isThere(a) || !isThere(b)) return Number(isThere(b)) - Number(isThere(a));
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * text(a).localeCompare(text(b), "en");
}

/** All settings and results, in full digits. */
function asCsv(runs: readonly Compared[]): string {
  const settings = settingsIn(runs);
  const values = measuresIn(runs);
  const cell = (value: unknown): string => (value === undefined || value === null ? "" : text(value));
  return [
    csvLine(["run", ...settings, ...values.map(([key]) => key)]),
    ...runs.map(({ directory, settings: own, outcome }) =>
      csvLine([directory, ...settings.map((name) => cell(own[name])), ...values.map(([key]) => cell(outcome[key]))]),
    ),
  ].join("");
}

const transposed = (lines: readonly (readonly string[])[]): string[][] =>
  lines[0].map((_, column) => lines.map((line) => line[column]));

const differences = (runs: readonly Compared[], names: readonly string[]): string[][] =>
  names.map((name) => [name, ...runs.map(({ settings }) => text(settings[name]))]);

const text = (value: unknown): string =>
  value === undefined ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** A row for each measure of any run. */
const outcomes = (runs: readonly Compared[]): string[][] =>
  measuresIn(runs).map(([key, { name, format }]) => [
    name,
    ...runs.map(({ outcome: { [key]: value } }) => (value === undefined ? "–" : format(value))),
  ]);
