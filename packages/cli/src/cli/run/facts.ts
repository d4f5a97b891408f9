// What a config.json says of its data twice must agree: a network's outputs are read by the names of classes and columns.
import { DataError } from "tidu";
import { show } from "tidu/internal";
import type { Preprocess } from "../../sources/source.js";
import { featureCount } from "../../sources/tables/features.js";
import type { RunConfig } from "./config.js";

/** @throws DataError, which names both places, where they differ. */
export function checkFacts(data: RunConfig["data"], file: string): void {
  const { preprocess, outputs } = data;
  const differing = (["task", "classes"] as const).find((name) => !areEqual(data[name], preprocess[name]));
  const wrong = (place: string, own: unknown, other: string): DataError =>
    new DataError(
      `${file}: ${place} is ${show(own)}, and ${other}; put back the file as it was written, or train again`,
    );
  if (differing !== undefined) {
    throw wrong(`data.${differing}`, data[differing], `data.preprocess.${differing} is ${show(preprocess[differing])}`);
  }
  const [inputs, shape] = [data.inputShape, shapeOf(preprocess)];
  if (!areEqual(inputs, shape)) throw wrong("data.inputShape", inputs, `by data.preprocess it is ${show(shape)}`);
  const count = (preprocess.task === "classification" ? preprocess.classes : preprocess.targets)?.length;
  if (outputs !== count) throw wrong("data.outputs", outputs, `data.preprocess has names of ${count ?? 0}`);
}

const areEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The shape of a sample. */
function shapeOf(preprocess: Preprocess): readonly number[] {
  if (preprocess.kind === "table") return [featureCount(preprocess.columns)];
  if (preprocess.kind === "array") return preprocess.shape;
  return [preprocess.channels, preprocess.height, preprocess.width];
}
