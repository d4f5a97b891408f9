import type { Dataset } from "../data/dataset.js";
import type { Module } from "../nn/module.js";
import { tensor } from "../tensor/tensor.js";
import type { History } from "./training.js";
import { confusionMatrix } from "./ui/confusion.js";
import { learningCurve } from "./ui/curve.js";
import { digits } from "./ui/digits.js";

const BATCH = 500;
/** Wrong answers that are drawn. */
const SHOWN = 6;

/** Loss of the steps and test loss of the epochs, as a chart. */
export const drawHistory = ({ losses, epochs }: History, color: boolean): string =>
  learningCurve(
    { label: "train loss", values: [...losses] },
    { label: "test loss", values: epochs.map((e) => e.validation?.loss ?? Number.NaN) },
    { xMax: epochs.length, xLabel: "epoch", yLabel: "loss", color },
  );

/** What a network takes the images of a data set for: a confusion matrix, and the first few mistakes as pictures. */
export async function drawMistakes(net: Module, data: Dataset, columns: number, color: boolean): Promise<string[]> {
  const names = data.classes ?? [];
  const truth = await data.targets.data();
  const found = await classify(net, data);
  const counts = names.map((_, t) => names.map((_, f) => found.filter((g, i) => truth[i] === t && g === f).length));
  const [height, width] = data.inputShape.slice(-2);
  const pixels = (await data.inputs.data()) as Uint8Array;
  const wrong = [...found.keys()].filter((i) => found[i] !== truth[i]).slice(0, SHOWN);
  const pictures = wrong.map((i) => ({
    pixels: pixels.subarray(i * width * height, (i + 1) * width * height),
    width,
    height,
    truth: names[truth[i]],
    predicted: names[found[i]],
  }));
  return [confusionMatrix(counts, [...names], { color }), digits(pictures, columns, { color })];
}

/** The class that the network gives each sample. */
async function classify(net: Module, data: Dataset): Promise<Int32Array> {
  const found = new Int32Array(data.count);
  for (let from = 0; from < data.count; from += BATCH) {
    const rows = Int32Array.from({ length: Math.min(BATCH, data.count - from) }, (_, i) => from + i);
    const scores = await net.predict(data.batch(tensor(rows)).x);
    found.set(await scores.argmax(1).data(), from);
  }
  return found;
}
