// Draws a run's results in the terminal.
import { tensor } from "tidu";
import type { Dataset } from "tidu/data";
import type { ClassFindings } from "../../report/data.js";
import { confusionMatrix } from "../ui/confusion.js";
import { learningCurve } from "../ui/curve.js";
import { digits } from "../ui/digits.js";
import type { EpochMetrics } from "./metrics.js";

/** What fits on a screen: classes of a table, and pixels of a picture's sides. */
const [MOST_CLASSES, WIDEST] = [20, 40];

/** Loss of the steps, and of each epoch on other data, as a chart; empty where nothing can be drawn. */
export function drawHistory(epochs: readonly EpochMetrics[], name: string, color: boolean): string {
  const measured = epochs.flatMap(({ validation }) => (validation === undefined ? [] : [validation.loss]));
  return learningCurve(
    { label: "train loss", values: epochs.flatMap(({ losses }) => losses) },
    { label: `${name} loss`, values: measured },
    { xMax: epochs.length, xLabel: "epoch", yLabel: "loss", color },
  );
}

/** The confusion matrix, where it fits on a screen. */
export function drawConfusion({ confusion, qualities }: ClassFindings, color: boolean): string {
  const names = qualities.map(({ name }) => name);
  return names.length > MOST_CLASSES ? "" : confusionMatrix(confusion, names, { color });
}

/** The wrong answers that are named, as pictures, where samples are images that fit on a screen. */
export async function drawMistakes(
  data: Dataset,
  { mistakes }: ClassFindings,
  columns: number,
  color: boolean,
): Promise<string> {
  const [, height, width] = data.inputShape;
  if (data.inputShape.length !== 3 || Math.max(height, width) > WIDEST || mistakes.length === 0) return "";
  const rows = tensor(Int32Array.from(mistakes, ({ sample }) => sample));
  const grey = await data.inputs.gather(rows).toFloat().mean(1).data();
  const size = grey.length / mistakes.length;
  const pictures = mistakes.map(({ truth, predicted }, i) => {
    const pixels = grey.subarray(i * size, (i + 1) * size) as Float32Array;
    return { pixels, width, height, truth, predicted };
  });
  return digits(pictures, columns, { color });
}
