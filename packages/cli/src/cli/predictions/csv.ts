// Predictions as CSV: a row for each sample, a column for each probability or value.
import type { Preprocess } from "../../sources/source.js";
import { type Answer, labelsOf } from "./answer.js";
import type { Form } from "./form.js";

/** A field in the form of RFC 4180. */
const field = (text: string): string => (/[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A row. */
export const csvLine = (fields: readonly string[]): string => `${fields.map(field).join(",")}\n`;

export function csvForm(preprocess: Preprocess): Form {
  const labels = labelsOf(preprocess);
  const names =
    preprocess.classes === undefined ? labels : ["prediction", ...labels.map((name) => `probability of ${name}`)];
  const row = ({ sample, prediction, numbers }: Answer): string =>
    csvLine([
      sample,
      ...(prediction === undefined ? [] : [prediction]),
      ...Array.from(numbers, (number) => String(number)),
    ]);
  return {
    begin: () => csvLine(["sample", ...names]),
    add: (answers) => answers.map(row).join(""),
  };
}
