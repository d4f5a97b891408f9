// From samples in memory to a Source.
import { DataError } from "tidu";
import type { Dataset } from "tidu/data";
import { alikeNote } from "./alike.js";
import { classesLine, countsLine } from "./describe.js";
import type { Fingerprint } from "./fingerprint.js";
import type { Parts } from "./parts.js";
import type { Reading } from "./reading.js";
import type { Preprocess, Scale, Source, SourceKind } from "./source.js";
import { lostNote } from "./statistics.js";
import { type LearnedTargets, learnScales, type Targets } from "./targets.js";

/** The parts of `Preprocess` that are about targets. */
export type LearnedOutputs = Pick<Preprocess, "task" | "classes" | "targets">;

/** The part of `Preprocess` about targets, learned from the training samples. */
export function learnOutputs(
  { task, classes }: LearnedTargets,
  train: Targets,
  names: readonly string[],
  known?: readonly Scale[],
  formats: readonly Pick<Scale, "format">[] = [],
): LearnedOutputs {
  if (classes !== undefined) return { task, classes };
  const scales = learnScales(train, names, known);
  return { task, targets: scales.map((scale, i) => ({ ...scale, ...formats[i] })) };
}

/** The preprocessing of an earlier source, if it is for the same kind of samples. */
export function knownAs<K extends Preprocess["kind"]>(
  kind: K,
  { preprocess, inputs }: Reading,
): Extract<Preprocess, { kind: K }> | undefined {
  const known = preprocess ?? inputs;
  if (known === undefined || isKind(known, kind)) return known;
  throw new DataError(`the model was trained on data of the kind "${known.kind}", this is "${kind}"; open other data`);
}

/** What an earlier source learned of its targets, where that holds: of new targets none, or the scales of the same names. */
export function knownScales(
  { preprocess, inputs }: Reading,
  { task }: Pick<LearnedTargets, "task">,
  names: readonly string[],
): readonly Scale[] | undefined {
  if (preprocess !== undefined) return preprocess.targets;
  const scales = inputs?.task === task ? inputs.targets : undefined;
  if (scales === undefined || scales.length !== names.length) return undefined;
  // How numbers are written is the new file's matter.
  return scales.every(({ name }, i) => name === names[i])
    ? scales.map(({ name, mean, deviation }) => ({ name, mean, deviation }))
    : undefined;
}

const isKind = <K extends Preprocess["kind"]>(p: Preprocess, kind: K): p is Extract<Preprocess, { kind: K }> =>
  p.kind === kind;

export interface Assembly {
  readonly kind: SourceKind;
  readonly data: Parts<Dataset>;
  readonly preprocess: Preprocess;
  /** The word for samples, as in "150 rows to train". */
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
    description: [countsLine(data, samples), about, ...targetNotes(preprocess, train), ...notes],
    origin: (part, sample) => origins[part]?.(sample) ?? String(sample),
    fingerprint: await fingerprint.digest(),
    preprocess,
  };
}

/** What a person should know of the targets: classes that look alike, values that are one, or become one in float32. */
function targetNotes({ classes, targets = [] }: Preprocess, { values, width }: Targets): string[] {
  const alike = classes === undefined ? undefined : alikeNote(classes);
  if (alike !== undefined) return [`classes ${alike}`];
  if (!(values instanceof Float64Array)) return [];
  return targets.flatMap((scale, i) => {
    const own = values.filter((_, at) => at % width === i);
    const note = targetNote(own, scale);
    return note === undefined ? [] : [`target "${scale.name}": ${note}`];
  });
}

function targetNote(values: Float64Array, scale: Scale): string | undefined {
  if (values.length > 1 && values.every((value) => value === values[0]))
    return "all training samples have the same value, so there is nothing to learn; leave it out";
  const lost = lostNote(values, scale);
  return lost && `${lost}; correct the values that are far from the others, or predict their logarithms`;
}
