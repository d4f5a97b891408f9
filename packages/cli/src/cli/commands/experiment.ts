// `tidu experiment`: answers a question about networks by measurement.
import { cpus } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import { writeFileAtomic } from "tidu/internal";
import { type Experiment, type Result, runExperiment, type Settings } from "../../experiment/index.js";
import { experimentNames, loadExperiment } from "../experiments.js";
import { Output } from "../output.js";
import { type DeviceName, deviceOption, startEngine } from "../run/engine.js";
import { checkOverwrite } from "../run/overwrite.js";
import { resultTables } from "../ui/experiment.js";
import { formatDuration } from "../ui/format.js";
import { StatusLine } from "../ui/status-line.js";
import { table } from "../ui/table.js";
import { fileName, whole } from "../values.js";

interface Options {
  readonly seeds?: readonly number[];
  readonly set?: Settings;
  readonly threads?: number;
  readonly device?: DeviceName;
  readonly out?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  $ tidu experiment
  $ tidu experiment permuted-pixels
  $ tidu experiment permuted-pixels --seeds 3 --set samples=500,epochs=2
  $ tidu experiment ./mine.ts --seeds 5,6,7 --out mine.json`;

/** tidu experiment: answers a question by measuring, with several seeds. */
export function addExperiment(program: Command): void {
  program
    .command("experiment")
    .summary("run an experiment of the notes; without a name: list them")
    .description(
      "Run an experiment with several seeds, and show means with 95% confidence intervals. The same seeds give the same numbers on every machine.",
    )
    .argument("[name]", "an experiment of the list, or a file that exports one")
    .option("--seeds <n|list>", "seeds 1 to n, or a list such as 5,6,7", seeds)
    .option("--set <list>", "values of its settings, as in samples=500,epochs=2", settings)
    .option("--threads <n>", "threads to compute on; the results do not depend on them", whole(1, 64))
    .addOption(deviceOption(["auto", "wasm", "native"]))
    .option("--out <file>", "write the result to a file, as JSON", fileName)
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, { json, ...options }: Options) => {
      const output = new Output(process.stdout, json);
      if (name === undefined) return list(output);
      if (options.out !== undefined) checkOverwrite(options.out, { inputs: [name], endings: [".json"] });
      const result = await measure(await loadExperiment(name), name, options, output);
      if (options.out !== undefined) await writeFileAtomic(options.out, new TextEncoder().encode(formatResult(result)));
      output.event(result);
      output.say(resultTables(result));
    });
}

async function list(output: Output): Promise<void> {
  const all = await Promise.all(experimentNames().map(loadExperiment));
  output.event({
    experiments: all.map(({ name, words, seconds, seeds }) => ({ name, ...words.question, seconds, seeds })),
  });
  const rows = all.map(({ name, words, seconds }) => [name, `about ${formatDuration(seconds)}`, words.question.en]);
  output.say(table(rows, { align: "left" }));
}

async function measure(of: Experiment, name: string, options: Options, output: Output): Promise<Result> {
  const { threads, device, set, seeds } = options;
  const engine = await startEngine({ device, threads, portable: true });
  const line = new StatusLine(output);
  try {
    const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${engine.says}, Node ${process.versions.node}`;
    const findings = await runExperiment(of, { seeds, settings: set, machine, onSeed: showing(line) });
    const date = new Date().toISOString().slice(0, 10);
    return { ...findings, date, command: commandOf(name, options), engine: "portable" };
  } finally {
    line.clear();
    await engine.device.close?.();
  }
}

/** The command as it could be typed again. */
const commandOf = (name: string, { seeds, set }: Options): string =>
  [
    `tidu experiment ${name}`,
    ...(seeds === undefined ? [] : [`--seeds ${seeds.join(",")}${seeds.length === 1 ? "," : ""}`]),
    ...(set === undefined ? [] : [`--set ${Object.entries(set).map(([key, value]) => `${key}=${value}`)}`]),
  ].join(" ");

/** Says which seed is under way and how long the others will take. */
function showing(line: StatusLine) {
  const start = performance.now();
  return (seed: number, done: number, total: number): void => {
    const left = ((performance.now() - start) / 1000 / done) * (total - done);
    const until = done === 0 ? "" : `, about ${formatDuration(left)} left`;
    line.show(`seed ${seed}: ${done + 1} of ${total}${until}`);
  };
}

function seeds(text: string): number[] {
  const parts = text.replace(/,$/, "").split(",").map(whole(0));
  return text.includes(",") ? parts : Array.from({ length: whole(1)(text) }, (_, i) => i + 1);
}

function settings(text: string): Settings {
  const pairs = text.split(",").map((pair) => pair.split("="));
  const numbers = pairs.every(
    ([name, value, ...more]) => name && value?.trim() && Number.isFinite(Number(value)) && more.length === 0,
  );
  if (!numbers) throw new InvalidArgumentError("It must be names with numbers, such as samples=500,epochs=2");
  return Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]));
}

/** JSON with a line for each measure, so that changes of one are changes of a line. */
export function formatResult(result: Result): string {
  const lines = Object.entries(result).map(([key, value]) => {
    const listed = Array.isArray(value) && typeof value[0] === "object";
    const text = listed ? `[\n${value.map((v) => `    ${JSON.stringify(v)}`).join(",\n")}\n  ]` : JSON.stringify(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}
