// Losses in graphs that are made for training.
import type { Tensor } from "tidu";
import type { Row, Rows } from "../node.js";
import { counted } from "../numbers.js";

/** Minus the log-probability of each label, weighted by class, without those to be ignored; then the mean or sum. */
function negativeLog(
  logs: Tensor,
  labels: Tensor,
  weight: Tensor | undefined,
  ignored: number | undefined,
  how: string,
): Tensor {
  const whole = labels.toInt();
  const isKept = ignored === undefined ? undefined : whole.eq(ignored).not();
  const own = isKept === undefined ? whole : isKept.where(whole, 0);
  const isLabel = counted(logs.shape, 1).eq(own.unsqueeze(1));
  const chosen = isLabel.where(logs, 0).sum(1).neg();
  const perClass = weight?.reshape([-1, ...logs.shape.slice(2).map(() => 1)]);
  const byClass = perClass === undefined ? undefined : isLabel.where(perClass, 0).sum(1);
  const share = (byClass ?? chosen.mul(0).add(1)).mul(isKept?.toFloat() ?? 1);
  const losses = isKept === undefined ? chosen.mul(share) : isKept.where(chosen.mul(share), 0);
  if (how === "none") return losses;
  return how === "sum" ? losses.sum() : losses.sum().div(share.sum());
}

const loss =
  (toLogs: (x: Tensor) => Tensor): Row =>
  (node) => {
    node.needs(2);
    const how = node.text("reduction", "mean");
    const ignored = node.has("ignore_index") ? node.int("ignore_index", 0) : undefined;
    node.results = 2;
    return (x, labels, weight) => {
      const logs = toLogs(x);
      return [negativeLog(logs, labels, weight, ignored, how), logs];
    };
  };

export const LOSSES: Rows = {
  NegativeLogLikelihoodLoss: loss((x) => x),
  SoftmaxCrossEntropyLoss: loss((x) => x.logSoftmax(1)),
};
