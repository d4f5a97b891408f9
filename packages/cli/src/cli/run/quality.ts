// A network's quality in a few numbers.
import type { Evaluation } from "tidu";
import { formatLoss, formatNumber, formatPercent } from "../ui/format.js";
import type { Judgement } from "./judgement.js";
import { type ClassMeans, meansOf } from "./score.js";

/** A network's quality on a part of the data. */
export interface Quality extends Evaluation, Partial<ClassMeans> {
  /** For each predicted value. */
  readonly values?: readonly ValueQuality[];
}

export interface ValueQuality {
  readonly name: string;
  /** 1 is perfect, 0 no better than the mean; absent where all true values are the same. */
  readonly r2?: number;
  /** Mean absolute error, in the units of the data. */
  readonly mae: number;
}

export const qualityOf = ({ loss, accuracy, classes, values }: Judgement): Quality => ({
  loss,
  accuracy,
  ...(classes === undefined ? {} : meansOf(classes)),
  ...(values === undefined ? {} : { values: values.map(({ name, r2, mae }) => ({ name, r2, mae })) }),
});

/** "test accuracy 98.76%"; of values "test R² 0.52, mean absolute error 41.2", or the loss where nothing else is known. */
export function describeQuality(part: string, { loss, accuracy, values }: Quality): string {
  if (accuracy !== undefined) return `${part} accuracy ${formatPercent(accuracy)}`;
  if (values === undefined) return `${part} loss ${formatLoss(loss)}`;
  const told = values.map(({ name, r2, mae }) => {
    const share = r2 === undefined ? "" : `R² ${formatNumber(r2)}, `;
    return `${values.length === 1 ? "" : `${name}: `}${share}mean absolute error ${formatNumber(mae)}`;
  });
  return `${part} ${told.join("; ")}`;
}
