// The preprocessing and postprocessing that an ONNX file holds: how samples become inputs, and scores become answers.
import type { Meaning, RawInput } from "@tidu/onnx";
import type { Preprocess, TableColumn } from "../../sources/source.js";

/** Pixels go from 0 to this. */
const WHITE = 255;

/** The raw values that a file computes a network's input from. */
export function rawInputs(preprocess: Preprocess): RawInput[] {
  if (preprocess.kind === "table") return preprocess.columns.map(rawColumn);
  const { kind, mean, deviation } = preprocess;
  if (kind === "array") return [{ kind: "sample", name: "sample", dtype: "f32", means: mean, deviations: deviation }];
  const [means, deviations] = [mean, deviation].map((values) => values.map((value) => value * WHITE));
  return [{ kind: "sample", name: "pixels", dtype: "u8", means, deviations }];
}

function rawColumn(column: TableColumn): RawInput {
  switch (column.kind) {
    case "number": {
      const { name, mean, deviation, missing } = column;
      return { kind: "number", name, mean, deviation, missing };
    }
    case "category":
      return { kind: "category", name: column.name, categories: column.categories };
    case "date": {
      const { name, parts, mean, deviation, missing } = column;
      return { kind: "date", name, parts, mean, deviation, missing };
    }
    // ONNX has no operator that hashes.
    case "hash":
      return { kind: "features", name: column.name, width: column.places + Number(column.missing ?? false) };
  }
}

/** What the scores mean. */
export const meaningOf = ({ classes, targets }: Preprocess): Meaning =>
  classes === undefined ? { values: (targets ?? []).map(({ mean, deviation }) => ({ mean, deviation })) } : { classes };

/** What the file says of itself, as JSON. */
export const metadataOf = (preprocess: Preprocess): Record<string, string> => ({
  task: preprocess.task,
  ...(preprocess.classes === undefined ? {} : { classes: JSON.stringify(preprocess.classes) }),
  ...(preprocess.targets === undefined ? {} : { targets: JSON.stringify(preprocess.targets.map(({ name }) => name)) }),
  preprocess: JSON.stringify(preprocess),
});
