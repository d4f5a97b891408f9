import { createHash } from "node:crypto";
import { fromHere } from "../ui/from-here.js";
import type { RunConfig } from "./config.js";
import type { RunFolder, RunResult } from "./folder.js";

/** Settings of a run that another may differ in, by the names that they have on the command line. */
export function settingsOf({ model, data, training, versions }: RunConfig): Record<string, unknown> {
  const { checkpoint, tensorboard, report, ...choices } = training;
  const starts = model.start ?? model.from;
  return {
    data: fromHere(data.path),
    "data fingerprint": data.fingerprint.slice(0, 12),
    ...data.options,
    model: model.name,
    "model source": model.source === undefined ? undefined : hash(model.source),
    "starts from": starts === undefined ? undefined : fromHere(starts.path),
    "starting weights": starts?.sha256?.slice(0, 12),
    features: model.from?.features,
    freeze: starts?.freeze,
    ...choices,
    ...versions,
  };
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** The result of a run so far. */
export type Outcome = Partial<Omit<RunResult, "test" | "validation" | "train" | "last" | "epochs">> & {
  readonly epochsDone?: number;
  readonly trainLoss?: number;
  readonly validationLoss?: number;
  readonly validationAccuracy?: number;
  readonly testLoss?: number;
  readonly testAccuracy?: number;
};

/** Reads it from the run's folder: of the validation, that of the best epoch. */
export async function outcomeOf(folder: RunFolder): Promise<Outcome> {
  const [epochs, result] = await Promise.all([folder.metrics(), folder.result()]);
  const best = epochs.findLast((epoch) => epoch.best);
  return {
    parameters: result?.parameters,
    epochsDone: epochs.length,
    bestEpoch: best?.epoch,
    trainLoss: epochs.at(-1)?.loss,
    validationLoss: best?.validation?.loss,
    validationAccuracy: best?.validation?.accuracy,
    testLoss: result?.test?.loss,
    testAccuracy: result?.test?.accuracy,
    seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
    peakBytes: result?.peakBytes,
  };
}

/** The names under which not all records have the same. */
export function differing(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return names.filter((name) => new Set(records.map((record) => JSON.stringify(record[name]))).size > 1);
}
