// `tidu datasets` lists built-in data sets and supported formats.
import type { Command } from "commander";
import { TiduError } from "tidu";
import { packageDirectory } from "tidu/internal";
import { NAMED } from "../../sources/index.js";
import { Output } from "../output.js";
import { table } from "../ui/table.js";

/** Supported formats. */
const FORMS: readonly [what: string, form: string][] = [
  [
    "table.csv, table.tsv, also .gz",
    "a table whose first line names the columns; --target names the column to predict",
  ],
  [
    "table.jsonl, table.ndjson, also .gz",
    "a table as JSON lines: each line is an object with the values of a row by column",
  ],
  ["table.parquet", "a table of Apache Parquet"],
  [
    "folder of folders",
    "PNG, JPEG, WebP, GIF, TIFF or BMP images in a folder for each class; or such folders named train, validation, test; or in a folder, with a table of their targets (--labels)",
  ],
  ["folder of tables", "files named train, validation and test, such as train.csv"],
  ["data.npz, folder of .npy", "NumPy arrays named x and y, or x_train, y_train, x_test and y_test"],
  ["folder of IDX files", "files named as those of MNIST are, such as train-images-idx3-ubyte"],
];

const EXAMPLES = `
Examples:
  $ tidu datasets
  $ tidu train mnist`;

/** tidu datasets: built-in data sets and supported formats. */
export function addDatasets(program: Command): void {
  program
    .command("datasets")
    .summary("list built-in data sets and supported formats")
    .description("List the built-in data sets, and the formats that tidu train reads.")
    .option("--json", "JSON, for scripts")
    .addHelpText("after", EXAMPLES)
    .action(async ({ json }: { json?: true }) => {
      const output = new Output(process.stdout, json);
      const named = await Promise.all(
        Object.entries(NAMED).map(async ([name, what]) => ({ name, what, ...(await place()) })),
      );
      output.event({ named, forms: FORMS.map(([form, what]) => ({ form, what })) });
      const lines = named.map(({ name, what, directory, mend }) => [name, `${what}; ${directory ?? mend}`]);
      output.say(table([...lines, ["", ""], ...FORMS], { align: "left" }));
    });
}

/** Where the digits of MNIST lie, or how to get them. */
async function place(): Promise<{ directory?: string; mend?: string }> {
  try {
    return { directory: await packageDirectory() };
  } catch (error) {
    if (error instanceof TiduError) return { mend: error.message };
    throw error;
  }
}
