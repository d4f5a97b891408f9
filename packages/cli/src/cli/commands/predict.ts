import type { Command } from "commander";
import { prepareSamples, restoreTargets } from "../../sources/index.js";
import type { Preprocess } from "../../sources/source.js";
import { Output } from "../output.js";
import { type DeviceName, deviceOption } from "../run/engine.js";
import { probabilities, scoresOf } from "../run/scores.js";
import { openTrained } from "../run/use.js";
import { formatPercent } from "../ui/format.js";
import { table } from "../ui/table.js";
import { whole } from "../values.js";

interface Options {
  top: number;
  last?: boolean;
  device?: DeviceName;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ tidu predict runs/digits seven.png
  $ tidu predict runs/flowers new-flowers.csv --top 1
  $ tidu predict runs/digits scans/*.jpg --json`;

/** tidu predict: what a trained network says of new samples. */
export function addPredict(program: Command): void {
  program
    .command("predict")
    .summary("say what a trained network takes new samples for")
    .description(
      "Say what a trained network takes new samples for, in the same kind of files as those that it learned from.",
    )
    .argument("<dir>", "the run's folder")
    .argument("<files...>", "images (or folders of them), CSV, NPY or IDX files")
    .option("--top <k>", "classes to show, the most probable first", whole(1), 3)
    .option("--last", "use the network of the last epoch, not that of the one that was best in validation")
    .addOption(deviceOption())
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string, files: string[], { top, last, device, json }: Options) => {
      const { net, config, engine } = await openTrained(dir, last, device);
      const { preprocess } = config.data;
      const { input, names, notes } = await prepareSamples(preprocess, files);
      const rows = await scoresOf(net, input);
      const output = new Output(process.stdout, json);
      const answers = rows.map((scores, i) => ({ sample: names[i], ...answer(preprocess, scores, top) }));
      output.event({ predictions: answers, notes });
      output.say(engine.says);
      for (const note of notes) output.say(note);
      output.say(table(answers.map(({ sample, classes, values }) => [sample, ...cells(classes, values)])));
    });
}

/** What a sample is taken for: the most probable classes, or the values in their own units. */
function answer(preprocess: Preprocess, scores: Float32Array, top: number) {
  const { classes: names, targets = [] } = preprocess;
  if (names === undefined) {
    const values = restoreTargets(preprocess, scores);
    return { values: targets.map(({ name }, i) => ({ name, value: values[i] })) };
  }
  const all = probabilities(scores).map((probability, i) => ({ name: names[i], probability }));
  return { classes: all.sort((a, b) => b.probability - a.probability).slice(0, top) };
}

type Answer = ReturnType<typeof answer>;

const cells = (classes: Answer["classes"] = [], values: Answer["values"] = []): string[] => [
  ...classes.flatMap(({ name, probability }) => [name, formatPercent(probability)]),
  ...values.flatMap(({ name, value }) => [name, String(Number(value.toPrecision(6)))]),
];
