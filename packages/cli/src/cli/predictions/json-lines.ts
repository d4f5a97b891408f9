// Predictions as lines of JSON, one for each sample.
import type { Preprocess } from "../../sources/source.js";
import { type Answer, labelsOf } from "./answer.js";
import type { Form } from "./form.js";

export function jsonLinesForm(preprocess: Preprocess): Form {
  const labels = labelsOf(preprocess);
  const what = preprocess.classes === undefined ? "values" : "probabilities";
  const row = ({ sample, prediction, numbers }: Answer): string => {
    const named = Object.fromEntries(labels.map((name, i) => [name, numbers[i]]));
    return `${JSON.stringify({ sample, prediction, [what]: named })}\n`;
  };
  return { add: (answers) => answers.map(row).join("") };
}
