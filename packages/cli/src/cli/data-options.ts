// The options of all commands that read data.
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { MISSING } from "../sources/tables/dialect.js";
import { TABLE_FORMS } from "../sources/tables/forms.js";
import type { TableForm } from "../sources/tables/table.js";
import { DATA_CHOICES, type DataChoices } from "./run/config.js";
import { shape } from "./values.js";

/** Options that describe the data. */
export interface DataOptions extends Omit<DataChoices, "kind" | "size" | "channels"> {
  format?: TableForm;
  size?: [number, number];
  channels?: "1" | "3";
}

/** `--format`. */
export const formatOption = (): Option =>
  new Option(
    "--format <form>",
    "format of a table whose name does not show it, such as standard input (default: csv)",
  ).choices(TABLE_FORMS);

/** Adds the options for reading data to a command. */
export const addDataOptions = (command: Command): Command =>
  command
    .addOption(formatOption())
    .option(
      "--target <columns>",
      "tables: the column to predict, or several separated by commas (default: the first column named target, label, labels, class or y, else the last column)",
      names,
    )
    .option("--ignore <columns>", "tables: columns to ignore", names)
    .option("--categorical <columns>", "tables: columns to read as categories, even if they look like numbers", names)
    .option("--numeric <columns>", "tables: columns to read as numbers; any other text in them is an error", names)
    .option(
      "--dates <columns>",
      "tables: columns to read as dates, including YYYYMMDD and the day numbers of spreadsheets",
      names,
    )
    .addOption(
      new Option("--date-order <order>", "tables: order of year, month and day in dates (default: inferred)").choices([
        "ymd",
        "dmy",
        "mdy",
      ]),
    )
    .option("--missing <words>", `tables: words for a missing value (default: ${MISSING.join(",")})`, words)
    .option(
      "--delimiter <character>",
      'CSV: the character between fields; "\\t" for a tab (default: inferred)',
      character,
    )
    .option("--header", "CSV: the first line names the columns (default: inferred)")
    .option("--no-header", "CSV: the first line is data")
    .option("--encoding <name>", "CSV: the encoding, such as utf-16le, latin1 or shift_jis (default: inferred)")
    .addOption(new Option("--decimal <mark>", "CSV: the decimal mark (default: inferred)").choices([".", ","]))
    .addOption(
      new Option("--thousands <mark>", "CSV: the thousands separator (default: inferred)").choices([
        ",",
        ".",
        " ",
        "'",
      ]),
    )
    .addOption(new Option("--task <task>", "override the inferred task").choices(["classification", "regression"]))
    .option("--size <hxw>", "folders of images: height and width (default: those of the images, or 64x64)", size)
    .addOption(new Option("--channels <n>", "folders of images: 1 for gray, 3 for color").choices(["1", "3"]))
    .addOption(
      new Option("--fit <how>", "folders of images: how images of another shape are fitted (default: stretch)").choices(
        ["stretch", "letterbox", "crop"],
      ),
    )
    .option("--skip-damaged", "folders of images: skip files that cannot be read")
    .option(
      "--labels <file>",
      "IDX and NPY: the file with the labels; folders of images: a table with their names and targets",
      (path) => resolve(path),
    );

/** Splits options into those about data, as a run keeps them, and the rest. */
export function divideOptions<O extends DataOptions>(options: O): [DataChoices, Omit<O, keyof DataOptions>] {
  const entries = Object.entries(options);
  const names: readonly string[] = ["format", ...DATA_CHOICES];
  const isAboutData = ([name]: [string, unknown]): boolean => names.includes(name);
  const { channels, format, ...reading } = Object.fromEntries(entries.filter(isAboutData)) as DataOptions;
  const rest = Object.fromEntries(entries.filter((entry) => !isAboutData(entry)));
  const colors = channels === undefined ? {} : { channels: channels === "1" ? (1 as const) : (3 as const) };
  const form = format === undefined ? {} : { kind: format };
  return [{ ...form, ...reading, ...colors }, rest as Omit<O, keyof DataOptions>];
}

/** Names stay joined: a name may have a comma, and only the table knows. */
const names = (text: string, before: readonly string[] = []): string[] => [...before, text];

const words = (text: string): string[] => text.split(",").map((word) => word.trim());

const character = (text: string): string => (text === "\\t" ? "\t" : text);

function size(text: string): [number, number] {
  const [height, width, ...more] = shape(text);
  if (width !== undefined && more.length === 0) return [height, width];
  throw new InvalidArgumentError("It must be height x width, such as 64x64");
}
