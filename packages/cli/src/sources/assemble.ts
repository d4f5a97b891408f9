// From samples in memory to a Source.
import { DataError } from "tidu";
import type { Dataset } from "tidu/data";
import { classesLine, countsLine } from "./describe.js";
import type { Fingerprint } from "./fingerprint.js";
import type { Parts } from "./parts.js";
import type { OpenOptions, Preprocess, Scale, Source, SourceKind } from "./source.js";
import { type LearnedTargets, learnScales, type Targets } from "./targets.js";

/** The parts of `Preprocess` that are about targets. */
export type LearnedOutputs = Pick<Preprocess, "task" | "classes" | "targets">;

/** What is kept of the targets, once it is known which samples are for training. */
export function learnOutputs(
  { task, classes }: LearnedTargets,
  train: Targets,
  names: readonly string[],
  known?: Preprocess,
  formats: readonly Pick<Scale, "format">[] = [],
): LearnedOutputs {
  if (classes !== undefined) return { task, classes };
  const scales = learnScales(train, names, known?.targets);
  return { task, targets: scales.map((scale, i) => ({ ...scale, ...formats[i] })) };
}

/** What an earlier source found out, if it is about the same kind of samples. */
export function knownAs<K extends Preprocess["kind"]>(
  kind: K,
  { preprocess }: OpenOptions,
): Extract<Preprocess, { kind: K }> | undefined {
  if (preprocess === undefined || isKind(preprocess, kind)) return preprocess;
  throw new DataError(
    `the model was trained on data of the kind "${preprocess.kind}", this is "${kind}": open other data`,
  );
}

const isKind = <K extends Preprocess["kind"]>(p: Preprocess, kind: K): p is Extract<Preprocess, { kind: K }> =>
  p.kind === kind;

export interface Assembly {
  readonly kind: SourceKind;
  readonly data: Parts<Dataset>;
  readonly preprocess: Preprocess;
  /** What samples are called, as in "150 rows to train". */
  readonly samples: string;
  /** Targets of the training samples. */
  readonly train: Targets;
  readonly notes: readonly string[];
  readonly fingerprint: Fingerprint;
  /** For each part, where a sample comes from. */
  readonly origins: Parts<(sample: number) => string>;
}

export async function assemble({
  kind,
  data,
  preprocess,
  samples,
  train,
  notes,
  fingerprint,
  origins,
}: Assembly): Promise<Source> {
  const { task, classes, targets } = preprocess;
  const about =
    classes === undefined
      ? `regression of ${targets!.map(({ name }) => name).join(", ")}, standardized`
      : classesLine(classes, train.values);
  return {
    kind,
    task,
    ...data,
    inputShape: data.train.inputShape,
    outputs: classes?.length ?? train.width,
    ...(classes === undefined ? {} : { classes }),
    description: [countsLine(data, samples), about, ...notes],
    origin: (part, sample) => origins[part]?.(sample) ?? String(sample),
    fingerprint: await fingerprint.digest(),
    preprocess,
  };
}
