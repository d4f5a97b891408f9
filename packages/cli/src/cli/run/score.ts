// The measure by which the best epoch is chosen, where that is not the loss.
import { ArgumentError } from "tidu";
import type { ClassFindings, ValueFindings } from "../../report/data.js";
import type { Task } from "../../sources/source.js";
import { formatPercent } from "../ui/format.js";

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? Number.NaN : numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/** Measures of classes: but for the Brier score means over the classes, each as important as any other. */
export interface ClassMeans {
  /** Mean squared distance of the probabilities from the truth. */
  readonly brier: number;
  /** Mean recall of the classes that occur. */
  readonly balancedAccuracy: number;
  /** Mean F1 of the classes that occur or are predicted. */
  readonly f1: number;
  /** Mean area under the ROC curve, one class against the others; absent where there are too many samples to sort. */
  readonly auc?: number;
  readonly averagePrecision?: number;
}

export function meansOf({ qualities, confusion, brier }: ClassFindings): ClassMeans {
  const occurs = qualities.filter(({ support }) => support > 0);
  const seen = qualities.filter(({ support }, c) => support > 0 || confusion.some((row) => row[c] > 0));
  const [auc, averagePrecision] = [
    qualities.flatMap(({ auc }) => auc ?? []),
    qualities.flatMap(({ averagePrecision }) => averagePrecision ?? []),
  ].map(mean);
  return {
    brier,
    balancedAccuracy: mean(occurs.map(({ recall }) => recall)),
    f1: mean(seen.map(({ f1 }) => f1)),
    ...(Number.isNaN(auc) ? {} : { auc, averagePrecision }),
  };
}

/** Measures of a network's outputs. */
interface Found {
  readonly classes?: ClassFindings;
  readonly values?: readonly ValueFindings[];
}

interface Metric {
  readonly task?: Task;
  /** Whether less is better, where the trainer measures it itself. */
  readonly falls?: true;
  /** Larger is better; undefined: the trainer measures it itself. */
  readonly of?: (found: Found) => number;
}

const ofClasses = (choose: (means: ClassMeans) => number | undefined): Metric => ({
  task: "classification",
  of: ({ classes }) => (classes === undefined ? Number.NaN : (choose(meansOf(classes)) ?? Number.NaN)),
});

/** The metrics of `--metric`. */
export const METRICS = {
  loss: { falls: true },
  brier: { task: "classification", falls: true },
  accuracy: { task: "classification" },
  "balanced-accuracy": ofClasses(({ balancedAccuracy }) => balancedAccuracy),
  f1: ofClasses(({ f1 }) => f1),
  auc: ofClasses(({ auc }) => auc),
  r2: { task: "regression", of: ({ values = [] }: Found) => mean(values.map(({ r2 = Number.NaN }) => r2)) },
  mae: { task: "regression", of: ({ values = [] }: Found) => -mean(values.map(({ mae }) => mae)) },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/**
 * The default metric that chooses the best epoch: for classes the Brier score. On a small validation part
 * the cross-entropy is ruled by the few samples of which the network is surest and wrong, and so is least too early.
 */
export const usualMetric = (task: Task): MetricName => (task === "classification" ? "brier" : "loss");

/** Whether less of a measure is better, where the trainer measures it itself. */
export const falls = (name: MetricName): boolean => (METRICS[name] as Metric).falls === true;

export const measureOf = (name: MetricName): Metric["of"] => (METRICS[name] as Metric).of;

/** Throws ArgumentError for a measure of the other task. */
export function checkMetric(name: MetricName | undefined, task: Task): void {
  const { task: own = task }: Metric = METRICS[name ?? "loss"];
  if (own === task) return;
  const fitting = Object.entries(METRICS).filter(([, metric]: [string, Metric]) => (metric.task ?? task) === task);
  throw new ArgumentError(
    `--metric ${name}: it is for ${own}, this is ${task}; use ${fitting.map(([key]) => key).join(", ")}`,
  );
}

/** In words. */
export const describeMeans = ({ balancedAccuracy, f1, auc }: ClassMeans): string[] => [
  `balanced accuracy ${formatPercent(balancedAccuracy)}`,
  `F1 ${f1.toFixed(4)}`,
  ...(auc === undefined ? [] : [`AUC ${auc.toFixed(4)}`]),
];
