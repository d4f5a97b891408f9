import { type Command, InvalidArgumentError, Option } from "commander";
import type { DataChoices } from "./run/config.js";
import { shape } from "./values.js";

/** What a person may say of data, where the defaults are not right. */
export interface DataOptions {
  target?: string[];
  ignore?: string[];
  task?: "classification" | "regression";
  size?: [number, number];
  channels?: "1" | "3";
  skipDamaged?: boolean;
  labels?: string;
}

/** Gives a command the options that say how data are to be read. */
export const addDataOptions = (command: Command): Command =>
  command
    .option("--target <columns>", "CSV: the column to predict, or several joined by commas (default: the last)", names)
    .option("--ignore <columns>", "CSV: columns to leave out", names)
    .addOption(
      new Option("--task <task>", "what is learned, if not as it looks").choices(["classification", "regression"]),
    )
    .option("--size <hxw>", "folders of images: height and width (default: theirs, or 64x64)", size)
    .addOption(new Option("--channels <n>", "folders of images: 1 for grey, 3 for colour").choices(["1", "3"]))
    .option("--skip-damaged", "folders of images: leave out those that cannot be read")
    .option("--labels <file>", "IDX and NPY: the file with the labels");

/** Divides what was said into that about data, as a run keeps it, and the rest. */
export function divideOptions<O extends DataOptions>(options: O): [DataChoices, Omit<O, keyof DataOptions>] {
  const { target, ignore, task, size, channels, skipDamaged, labels, ...rest } = options;
  const colours = channels === undefined ? undefined : channels === "1" ? 1 : 3;
  return [{ target, ignore, task, size, channels: colours, skipDamaged, labels }, rest];
}

const names = (text: string): string[] => text.split(",").map((name) => name.trim());

function size(text: string): [number, number] {
  const [height, width, ...more] = shape(text);
  if (width !== undefined && more.length === 0) return [height, width];
  throw new InvalidArgumentError("It must be height x width, such as 64x64");
}
