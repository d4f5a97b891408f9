// The results of a tuning, for people: a table of the trials, the best first, and a plot for each setting.
import { formatDuration, formatLoss, formatPercent } from "../ui/format.js";
import { scatter } from "../ui/scatter.js";
import { table } from "../ui/table.js";
import type { Plan } from "./plan.js";
import { isWhole, type Outcome, type Outcomes, type Progress } from "./progress.js";
import { deviation, formatMeasure } from "./score.js";

/** Trials that are shown. */
const MOST = 10;
/** Choices of a setting, beyond which only the table tells. */
const MOST_CHOICES = 12;
const BAR = 30;

/** A trial at the last rung that it reached. */
export interface Ranked {
  readonly trial: number;
  readonly rung: number;
  readonly outcomes: Outcomes;
  /** The measure; undefined where it failed. */
  readonly value: number | undefined;
}

/** All trials that were measured, the best first: those that came further come before the others. */
export function ranking(progress: Progress, all: readonly (readonly Outcomes[])[]): Ranked[] {
  const last = all.map((rungs) =>
    rungs.findLastIndex((outcomes) => outcomes.every((outcome) => outcome !== undefined)),
  );
  return [...new Set(last)]
    .sort((a, b) => b - a)
    .flatMap((rung) => {
      const members = [...last.keys()].filter((trial) => last[trial] === rung && rung >= 0);
      return progress
        .ranked(all, members, rung)
        .map((trial) => ({ trial, rung, outcomes: all[trial][rung], value: progress.value(all[trial][rung]) }));
    });
}

/** Why a trial failed; undefined where it did not. */
export const failureOf = (outcomes: Outcomes): string | undefined =>
  outcomes.find((outcome) => outcome?.failed !== undefined)?.failed;

/** A trial's result, in a few words. */
export function describe(progress: Progress, outcomes: Outcomes): string {
  const failed = failureOf(outcomes);
  if (failed !== undefined) return `failed: ${failed}`;
  if (!isWhole(outcomes)) return "";
  const { metric } = progress;
  const qualities = outcomes.map(({ quality }) => quality);
  const spread = qualities.length > 1 ? ` ± ${formatMeasure(metric, deviation(metric, qualities))}` : "";
  return `validation ${metric} ${formatMeasure(metric, progress.value(outcomes) ?? Number.NaN)}${spread}`;
}

/** "lr 0.002, batch-size 16". */
export const settingsOf = ({ trials }: Plan, trial: number): string =>
  Object.entries(trials[trial].settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

const mean = (outcomes: Outcomes, of: (outcome: Outcome) => number | undefined): number =>
  outcomes.reduce((sum, outcome) => sum + ((outcome && of(outcome)) ?? Number.NaN), 0) / outcomes.length;

/** Names of columns: a setting that is called as a result is says that it is a setting. */
export function headOf(settings: readonly string[], results: readonly string[]): string[] {
  const named = settings.map((name) => (["trial", ...results].includes(name) ? `${name} (setting)` : name));
  return ["trial", ...named, ...results];
}

/** The trials in a table. */
export function tableOf(plan: Plan, progress: Progress, ranked: readonly Ranked[]): string {
  const names = Object.keys(plan.trials[0].settings);
  const isClasses = ranked.some(({ outcomes }) => outcomes[0]?.quality?.accuracy !== undefined);
  const { metric } = progress;
  const told = (metric === "accuracy" && isClasses) || metric === "r2" || metric === "loss" ? metric : undefined;
  const others = [
    ...(told === "loss" ? [] : ["loss"]),
    ...(isClasses && told !== "accuracy" ? ["accuracy"] : []),
    ...(isClasses || told === "r2" ? [] : ["R²"]),
  ];
  const cell = (name: string, outcomes: Outcomes): string => {
    if (name === "loss") return formatLoss(mean(outcomes, ({ quality }) => quality?.loss));
    if (name === "accuracy") return formatPercent(mean(outcomes, ({ quality }) => quality?.accuracy));
    return mean(outcomes, ({ quality }) => quality?.values?.[0]?.r2).toFixed(4);
  };
  const rows = ranked
    .slice(0, MOST)
    .map(({ trial, outcomes, value }) => [
      String(trial + 1),
      ...names.map((name) => plan.trials[trial].settings[name] ?? "–"),
      String(Math.round(mean(outcomes, ({ epochs }) => epochs))),
      String(Math.round(mean(outcomes, ({ bestEpoch }) => bestEpoch))),
      value === undefined ? "failed" : formatMeasure(metric, value),
      ...others.map((name) => (value === undefined ? "–" : cell(name, outcomes))),
      formatDuration(outcomes.reduce((sum, outcome) => sum + (outcome?.seconds ?? 0), 0)),
    ]);
  const head = headOf(names, ["epochs", "best epoch", metric, ...others, "time"]);
  const rest = ranked.length - rows.length;
  return [
    `validation results${plan.folds === undefined ? "" : `, means over ${plan.folds} folds`}, best first:`,
    table([head, ...rows]),
    ...(rest > 0 ? [`and ${rest} more, in trials.csv`] : []),
    ...reasons(plan, ranked),
  ].join("\n");
}

/** Why trials failed: a line for each of the first. */
function reasons(plan: Plan, ranked: readonly Ranked[]): string[] {
  const lines = ranked.flatMap(({ trial, outcomes }) => {
    const why = failureOf(outcomes);
    return why === undefined ? [] : [`trial ${trial + 1} (${settingsOf(plan, trial)}) failed: ${why}`];
  });
  const rest = lines.length - MOST;
  return [...lines.slice(0, MOST), ...(rest > 0 ? [`and ${rest} more that failed, in trials.csv`] : [])];
}

/**
 * For each setting what the trials came to: a plane of points where it is a number, else the range of each choice. Of
 * several rungs it is the first, in which all took part.
 */
export function plotsOf(plan: Plan, progress: Progress, all: readonly (readonly Outcomes[])[]): string[] {
  const { metric } = progress;
  const label = plan.rungs.length > 1 ? `${metric} after the first rung` : metric;
  return Object.keys(plan.trials[0].settings).flatMap((name) => {
    const points = all.flatMap(([first], trial) => {
      const value = progress.value(first);
      return value === undefined ? [] : [[plan.trials[trial].settings[name], value] as const];
    });
    const numbers = points.map(([text, value]) => [Number(text), value] as const);
    const xs = numbers.map(([x]) => x);
    if (xs.every(Number.isFinite)) {
      const log = Math.min(...xs) > 0 && Math.max(...xs) / Math.min(...xs) >= 10;
      const text = scatter(numbers, { xLabel: name, yLabel: label, log });
      return text === "" ? [] : [text];
    }
    return bars(name, label, points, (value) => formatMeasure(metric, value));
  });
}

/** A line for each choice: from its least to its most. */
function bars(
  name: string,
  metric: string,
  points: readonly (readonly [text: string, value: number])[],
  format: (value: number) => string,
): string[] {
  const choices = [...new Set(points.map(([text]) => text))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true }),
  );
  if (choices.length < 2 || choices.length > MOST_CHOICES) return [];
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const place = (value: number): number => (high === low ? 0 : Math.round(((value - low) / (high - low)) * (BAR - 1)));
  const rows = choices.map((choice) => {
    const own = points.flatMap(([text, value]) => (text === choice ? [value] : []));
    const [least, most] = [Math.min(...own), Math.max(...own)];
    const bar = Array.from({ length: BAR }, (_, i) => (i >= place(least) && i <= place(most) ? "█" : "·")).join("");
    return [choice, bar, format(least), "to", format(most)];
  });
  return [`${metric} by ${name}\n${table(rows, { align: "left" })}`];
}
