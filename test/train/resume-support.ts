// Trainings that are stopped and resumed in tests.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EpochReport, type FitOptions, type nn, Trainer, type TrainerOptions } from "tidu";
import type { BatchProvider } from "../../packages/tidu/src/data/index.js";

/** A training that can be begun again from nothing: networks and optimizers are made anew each time. */
export interface Course {
  readonly net: () => nn.Module;
  readonly trainer: () => TrainerOptions;
  readonly data: () => BatchProvider;
  readonly fit: () => FitOptions;
}

/** What a training came to: everything that must not depend on how often it was stopped. */
export interface Outcome {
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly reports: readonly Omit<EpochReport, "seconds" | "samplesPerSecond">[];
  readonly error?: string;
}

/** Runs a training to its end, or from a checkpoint to its end; the reports are those of all its epochs. */
export async function outcome(course: Course, options: FitOptions = {}): Promise<Outcome> {
  const net = course.net();
  const trainer = new Trainer(net, course.trainer());
  const reports: EpochReport[] = [];
  let error: string | undefined;
  try {
    const onResume: FitOptions["onResume"] = (from) => reports.push(...from.reports);
    for await (const report of trainer.fit(course.data(), { ...course.fit(), onResume, ...options }))
      reports.push(report);
  } catch (thrown) {
    error = (thrown as Error).message;
  }
  const values: Record<string, number[]> = {};
  for (const [name, v] of [...net.state(), ...trainer.optimizer.state(net.namedParameters())]) {
    values[name] = [...(await v.data())];
  }
  return { values, reports: reports.map(({ seconds, samplesPerSecond, ...rest }) => rest), error };
}

/** The checkpoints in a folder, the oldest first. */
export const checkpointsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith("epoch-")).sort();

/** Runs `body` with an empty folder, which is gone afterwards. */
export async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "tidu-checkpoints-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every checkpoint that a training leaves, in a folder of its own. */
export const ofEveryStep = (directory: string): FitOptions => ({
  checkpoint: { directory, everySteps: 1, keep: 1000 },
});

/** Contents of all files in a folder, by name. */
export async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await readFile(join(folder, name))).toString("base64")])),
  );
}
