// `tidu eval`: measures a trained network on data.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { ArgumentError } from "tidu";
import type { Dataset } from "tidu/data";
import type { ClassFindings, ValueFindings } from "../../report/data.js";
import { openData } from "../../sources/index.js";
import type { TableForm } from "../../sources/tables/table.js";
import { formatOption } from "../data-options.js";
import { trustOption } from "../models/trust.js";
import { Output } from "../output.js";
import { lasting, type RunData, reopenRunData, sameReading } from "../run/data.js";
import { drawConfusion } from "../run/drawings.js";
import { type DeviceName, usingDeviceOption } from "../run/engine.js";
import { type Judgement, judge } from "../run/judgement.js";
import { PARTS, type PartName, type Parts, tellingPart } from "../run/parts.js";
import { describeMeans, meansOf } from "../run/score.js";
import { openTrained, type Trained } from "../run/use.js";
import { counted, formatFigures, formatLoss, formatNumber, formatPercent } from "../ui/format.js";
import { fromHere } from "../ui/from-here.js";
import { reading } from "../ui/reading.js";
import { table } from "../ui/table.js";
import { usesColor, visibleName } from "../ui/terminal.js";
import { whole } from "../values.js";

interface Options {
  part?: PartName;
  last?: boolean;
  mistakes?: number;
  labels?: string;
  format?: TableForm;
  device?: DeviceName;
  trust?: true;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  $ tidu eval runs/digits
  $ tidu eval runs/digits --part validation --last
  $ tidu eval runs/flowers more-flowers.csv --mistakes 10`;

/** tidu eval: measures a trained network. */
export function addEval(program: Command): void {
  program
    .command("eval")
    .summary("measure a trained network")
    .description("Measure a trained network on the data of its run, or on other data of the same form.")
    .argument("<dir>", "the run's folder")
    .argument("[data]", "other data, - for standard input (default: the data of the run)")
    .addOption(formatOption())
    .addOption(
      new Option(
        "--part <part>",
        "part of the run's data (default: test if there is one, else validation, else train)",
      ).choices(PARTS),
    )
    .option("--last", "use the network of the last epoch instead of the best")
    .option("--labels <file>", "IDX, NPY and folders of images: the file with the labels of other data", (file) =>
      resolve(file),
    )
    .option("--mistakes <n>", "list the n worst predictions, with the file or line of each", whole(1))
    .addOption(usingDeviceOption())
    .addOption(trustOption())
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async (dir: string, path: string | undefined, options: Options) => {
      const output = new Output(process.stdout, options.json);
      const trained = await openTrained(dir, options);
      const found = await partsOf(trained, path, options, output);
      const [part, data] = choosePart(found, options.part);
      const origin = (sample: number): string => found.origin(part, sample);
      const judgement = await judge(trained.net, data, trained.config, options.mistakes, origin);
      const name = fromHere(path ?? trained.config.data.path);
      const means = judgement.classes === undefined ? {} : meansOf(judgement.classes);
      output.event({ data: name, part, ...withoutPictures(judgement), ...means });
      output.say(trained.says);
      output.draw(describe(`${visibleName(name)}, ${part}`, judgement, usesColor(output.stream), options.mistakes));
    });
}

/** Parts of data, and where their samples come from. */
type Found = Parts & Pick<RunData, "origin">;

const partsOf = (
  { config }: Trained,
  path: string | undefined,
  { format: kind, labels }: Options,
  output: Output,
): Promise<Found> =>
  reading<Found>(output, (onProgress) =>
    path === undefined
      ? reopenRunData(config, onProgress)
      : openData(lasting(path), { ...sameReading(config), kind, labels, onProgress }),
  );

function choosePart(parts: Parts, wanted: PartName | undefined): [PartName, Dataset] {
  const name = wanted ?? tellingPart(parts);
  const data = parts[name];
  if (data !== undefined) return [name, data];
  const there = PARTS.filter((part) => parts[part] !== undefined);
  throw new ArgumentError(`--part ${name}: the data have no such part; use ${there.join(" or ")}`);
}

/** Pictures would fill a terminal. */
function withoutPictures({ classes, values, ...rest }: Judgement): Judgement {
  const plain = <T extends { picture?: unknown }>({ picture: _, ...others }: T) => others;
  return {
    ...rest,
    ...(classes && { classes: { ...classes, mistakes: classes.mistakes.map(plain) } }),
    ...(values && { values: values.map((value) => ({ ...value, misses: value.misses.map(plain) })) }),
  };
}

function describe(
  what: string,
  { samples, loss, accuracy, classes, values }: Judgement,
  color: boolean,
  mistakes = 0,
): string {
  const quality = [
    ...(accuracy === undefined ? [] : [`accuracy ${formatPercent(accuracy)}`]),
    ...(classes === undefined ? [] : describeMeans(meansOf(classes))),
  ];
  const whole = [`${what}: ${counted(samples, "sample")}`, `loss ${formatLoss(loss)}`, ...quality].join("  ");
  const details = [
    ...(classes === undefined ? [] : [drawConfusion(classes, color), classTable(classes)]),
    ...(values === undefined ? [] : [valueTable(values)]),
    ...(mistakes === 0 ? [] : [classes === undefined ? missTable(values ?? [], mistakes) : mistakeTable(classes)]),
  ];
  return [whole, ...details.filter((text) => text !== "")].join("\n\n");
}

const classTable = ({ qualities }: ClassFindings): string =>
  table([
    ["class", "samples", "precision", "recall", "F1", "AUC", "average precision"],
    ...qualities.map((c) => [
      c.name,
      String(c.support),
      ...[c.precision, c.recall, c.f1].map(formatPercent),
      ...[c.auc, c.averagePrecision].map((n) => n?.toFixed(4) ?? "–"),
    ]),
  ]);

const valueTable = (values: readonly ValueFindings[]): string =>
  table([
    ["value", "mean absolute error", "root mean square error", "R²"],
    ...values.map((v) => [v.name, ...[v.mae, v.rmse, v.r2].map((n) => (n === undefined ? "–" : formatNumber(n)))]),
  ]);

const mistakeTable = ({ mistakes }: ClassFindings): string =>
  table([
    ["sample", "true class", "predicted", "probability"],
    ...mistakes.map(({ origin = "", truth, predicted, probabilities: [{ probability }] }) => [
      origin,
      truth,
      predicted,
      formatPercent(probability),
    ]),
  ]);

const missTable = (values: readonly ValueFindings[], most: number): string =>
  table([
    ["sample", "column", "true value", "predicted"],
    ...values.flatMap(({ name, misses }) =>
      misses
        .slice(0, most)
        .map(({ origin = "", truth, predicted }) => [
          origin,
          name,
          ...[truth, predicted].map((n) => formatFigures(n, 6)),
        ]),
    ),
  ]);
