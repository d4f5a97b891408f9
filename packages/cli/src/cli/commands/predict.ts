// `tidu predict`: predictions for images, tables and arrays.
import { statSync } from "node:fs";
import type { Command } from "commander";
import { streamSamples } from "../../sources/index.js";
import { STDIN } from "../../sources/tables/bytes.js";
import type { TableForm } from "../../sources/tables/table.js";
import { formatOption } from "../data-options.js";
import { EXIT, SIGNALS } from "../exit.js";
import { trustOption } from "../models/trust.js";
import { Output } from "../output.js";
import { type Answer, answer, labelsOf, ranking } from "../predictions/answer.js";
import { formFor, PredictionFile } from "../predictions/sink.js";
import { checkThere } from "../run/data.js";
import { type DeviceName, usingDeviceOption } from "../run/engine.js";
import { checkOverwrite, filesOf } from "../run/overwrite.js";
import { scoresOf } from "../run/scores.js";
import { openTrained } from "../run/use.js";
import { formatCount, formatPercent } from "../ui/format.js";
import { GrowingTable } from "../ui/table.js";
import { jsonOf, visible } from "../ui/terminal.js";
import { fileName, whole } from "../values.js";

interface Options {
  format?: TableForm;
  top: number;
  out?: string;
  skipDamaged?: true;
  last?: boolean;
  device?: DeviceName;
  trust?: true;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ tidu predict runs/digits seven.png
  $ tidu predict runs/flowers new-flowers.csv --top 1
  $ tidu predict runs/flowers new-flowers.csv.gz --out predictions.csv
  $ zcat flowers.csv.gz | tidu predict runs/flowers - --out predictions.npz
  $ tidu predict runs/digits scans/*.jpg --json

A file of predictions has all probabilities: as columns of .csv, as an object in each line of .jsonl, as arrays of .npz.`;

/** tidu predict: predictions of a trained network for new samples. */
export function addPredict(program: Command): void {
  program
    .command("predict")
    .summary("predict classes or values of new samples")
    .description(
      "Predict classes, with probabilities, or values of new samples, from files of the same kind as the training data. The samples may exceed the memory.",
    )
    .argument("<dir>", "the run's folder")
    .argument(
      "<files...>",
      "images (or folders of them), tables (CSV, JSON lines or Parquet), NPY or IDX files; - is a table from standard input",
    )
    .addOption(formatOption())
    .option("--out <file>", "write the predictions to a file: .csv, .jsonl or .npz", checkedForm)
    .option("--top <k>", "classes to show, the most probable first", whole(1), 3)
    .option("--skip-damaged", "skip images that cannot be read")
    .option("--last", "use the network of the last epoch instead of the best")
    .addOption(usingDeviceOption())
    .addOption(trustOption())
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string, files: string[], { top, out, format, skipDamaged, json, ...use }: Options) => {
      const { net, config, says } = await openTrained(dir, use);
      for (const file of files) if (file !== STDIN) checkThere(file);
      if (out !== undefined) checkOverwrite(out, { inputs: [...read(files), ...filesOf(config)] });
      const { preprocess } = config.data;
      const output = new Output(process.stdout, json);
      output.say(says);
      const notes: string[] = [];
      const show =
        out === undefined ? showing(output, labelsOf(preprocess), preprocess.classes !== undefined, top) : undefined;
      if (out !== undefined) endAtSignals();
      const file = out === undefined ? undefined : await PredictionFile.create(out, preprocess);
      let count = 0;
      try {
        const note = (text: string): void => void notes.push(text);
        for await (const { input, names } of streamSamples(preprocess, files, { skipDamaged, kind: format }, note)) {
          const scores = await scoresOf(net, input);
          const answers = scores.map((own, i) => answer(preprocess, names[i], own));
          count += answers.length;
          await file?.add(answers);
          await show?.add(answers);
        }
        await file?.close();
      } catch (error) {
        await file?.discard();
        throw error;
      }
      await show?.end(notes);
      if (out === undefined) return;
      output.event({ file: out, samples: count, notes });
      for (const text of notes) output.say(text);
      output.say(`${formatCount(count)} predictions written to ${out}`);
    });
}

/** Ends the process as it ends by itself, so that nothing is left of the file that it writes. */
function endAtSignals(): void {
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      console.error("tidu: stopped; nothing was written");
      process.exit(EXIT[signal]);
    });
  }
}

/** Files that are read whole; of folders the images alone are. */
const read = (files: readonly string[]): string[] =>
  files.filter((file) => file === STDIN || !statSync(file).isDirectory());

/** Checks a name now, so that a mistake is reported before anything is read. */
function checkedForm(path: string): string {
  formFor(path);
  return fileName(path);
}

/** Shows predictions as they come: as a table, or as one JSON object. */
function showing(output: Output, labels: readonly string[], classifies: boolean, top: number) {
  return output.json ? asJson(output, labels, classifies, top) : asTable(output, labels, classifies, top);
}

function asJson(output: Output, labels: readonly string[], classifies: boolean, top: number) {
  let before = `{"predictions":[`;
  const object = (own: Answer): object => ({
    sample: own.sample,
    ...(classifies
      ? { classes: ranking(own, labels, top) }
      : { values: labels.map((name, i) => ({ name, value: own.numbers[i] })) }),
  });
  return {
    async add(answers: readonly Answer[]): Promise<void> {
      await output.write(before + answers.map((own) => jsonOf(object(own))).join(","));
      before = ",";
    },
    async end(notes: readonly string[]): Promise<void> {
      await output.write(`${before === "," ? "" : before}],"notes":${jsonOf(notes)}}\n`);
    },
  };
}

function asTable(output: Output, labels: readonly string[], classifies: boolean, top: number) {
  const table = new GrowingTable();
  const cells = (own: Answer): string[] => [
    own.sample,
    ...(classifies
      ? ranking(own, labels, top).flatMap(({ name, probability }) => [name, formatPercent(probability)])
      : labels.flatMap((name, i) => [name, String(Number(own.numbers[i].toPrecision(6)))])),
  ];
  return {
    add: (answers: readonly Answer[]): Promise<void> => output.write(`${visible(table.lines(answers.map(cells)))}\n`),
    async end(notes: readonly string[]): Promise<void> {
      for (const note of notes) output.say(note);
    },
  };
}
