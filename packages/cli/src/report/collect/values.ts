// How far predicted values are from the true ones, for the report.
import { metrics, tensor } from "tidu";
import type { Dataset } from "tidu/data";
import type { Scale } from "../../sources/source.js";
import type { Miss, ValueFindings } from "../data.js";
import { histogram } from "./histogram.js";
import type { Outputs } from "./run.js";
import { evenly, largest, picturesOf } from "./samples.js";

const MOST_POINTS = 500;
const MOST_MISSES = 8;

/** How far predicted values are from the true ones: one by one where they have names, else all together. */
export async function findValues(
  data: Dataset,
  { values, width }: Outputs,
  scales: readonly Scale[] | undefined,
  origin?: (sample: number) => string,
): Promise<ValueFindings[]> {
  const truth = await data.targets.data();
  if (scales?.length !== width) return [await findValue(data, "output", truth, values, width, origin)];
  const column = (all: ArrayLike<number>, c: number) =>
    Float64Array.from({ length: data.count }, (_, i) => all[i * width + c] * scales[c].deviation + scales[c].mean);
  return Promise.all(
    scales.map(({ name }, c) => findValue(data, name, column(truth, c), column(values, c), 1, origin)),
  );
}

/** @param width numbers of each sample. */
async function findValue(
  data: Dataset,
  name: string,
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  width: number,
  origin?: (sample: number) => string,
): Promise<ValueFindings> {
  const residuals = Float64Array.from(predicted, (p, i) => p - truth[i]);
  const [found, wanted] = [predicted, truth].map((all) => tensor(Float32Array.from(all)));
  const errors = metrics.regressionErrors(found, wanted);
  const [mae, rmse, r2] = await Promise.all([errors.mae, errors.rmse, errors.r2].map((e) => e.item()));
  const worst = largest(residuals.map(Math.abs), residuals.keys(), MOST_MISSES);
  const samples = worst.map((i) => Math.floor(i / width));
  const pictures = await picturesOf(data, samples);
  return {
    name,
    mae,
    rmse,
    r2: Number.isFinite(r2) ? r2 : undefined,
    residuals: histogram(residuals),
    points: evenly(truth.length, MOST_POINTS).map((i) => [truth[i], predicted[i]] as const),
    misses: worst.map(
      (at, i): Miss => ({
        sample: samples[i],
        origin: origin?.(samples[i]),
        truth: truth[at],
        predicted: predicted[at],
        picture: pictures[i],
      }),
    ),
  };
}
