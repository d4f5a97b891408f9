// `tidu compare`: how runs differ in settings and results.
import type { Command } from "commander";
import { Output } from "../output.js";
import { differing, type Outcome, outcomeOf, settingsOf } from "../run/comparison.js";
import { RunFolder } from "../run/folder.js";
import { formatBytes, formatCount, formatDuration, formatLoss, formatPercent } from "../ui/format.js";
import { table } from "../ui/table.js";

const EXAMPLES = `
Examples:
  $ tidu compare runs/a runs/b
  $ tidu compare runs/*`;

/** tidu compare: how runs differ, and what they came to. */
export function addCompare(program: Command): void {
  program
    .command("compare")
    .summary("show how runs differ and what they came to")
    .description("Show in which settings runs differ, and what they came to, side by side.")
    .argument("<dirs...>", "folders of runs")
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (paths: string[], { json }: { json?: boolean }) => {
      const output = new Output(process.stdout, json);
      const runs = await Promise.all(paths.map(compared));
      const names = differing(runs.map(({ settings }) => settings));
      output.event({ differing: names, runs });
      output.say(table([["run", ...paths], ...differences(runs, names), ...outcomes(runs)]));
    });
}

async function compared(directory: string) {
  const { folder, config } = await RunFolder.open(directory);
  return { directory, settings: settingsOf(config), outcome: await outcomeOf(folder) };
}

type Compared = Awaited<ReturnType<typeof compared>>;

const differences = (runs: readonly Compared[], names: readonly string[]): string[][] =>
  names.map((name) => [name, ...runs.map(({ settings }) => text(settings[name]))]);

const text = (value: unknown): string =>
  value === undefined ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value);

const formats: Readonly<Record<keyof Outcome, [name: string, format: (value: number) => string]>> = {
  parameters: ["parameters", formatCount],
  epochs: ["epochs done", String],
  bestEpoch: ["best epoch", String],
  trainLoss: ["train loss", formatLoss],
  validationLoss: ["validation loss", formatLoss],
  validationAccuracy: ["validation accuracy", formatPercent],
  testLoss: ["test loss", formatLoss],
  testAccuracy: ["test accuracy", formatPercent],
  seconds: ["time", formatDuration],
  peakBytes: ["peak engine memory", formatBytes],
};

/** A row for each measure that some run has. */
const outcomes = (runs: readonly Compared[]): string[][] =>
  (Object.keys(formats) as (keyof Outcome)[])
    .filter((key) => runs.some(({ outcome }) => outcome[key] !== undefined))
    .map((key) => {
      const [name, format] = formats[key];
      return [name, ...runs.map(({ outcome: { [key]: value } }) => (value === undefined ? "–" : format(value)))];
    });
