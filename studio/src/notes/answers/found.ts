// Finds the result of an experiment by its name.
import type { ExperimentWords, Result } from "@tidu/cli/experiment";

/** An experiment's result, and its texts. */
export interface Found {
  readonly result: Result;
  readonly words: ExperimentWords;
}

// What was there when the pages were built; each is a file of its own, which a page fetches when it needs it.
const RESULTS = import.meta.glob<Result>("../../../../experiments/results/*.json", { import: "default" });
const WORDS = import.meta.glob<ExperimentWords>("../../../../experiments/*.words.ts", { import: "default" });

/** An experiment by its name; null where it has not been run. */
export async function findExperiment(name: string): Promise<Found | null> {
  const [result, words] = await Promise.all([read(RESULTS, `/${name}.json`), read(WORDS, `/${name}.words.ts`)]);
  return result !== undefined && words !== undefined ? { result, words } : null;
}

async function read<T>(files: Readonly<Record<string, () => Promise<T>>>, end: string): Promise<T | undefined> {
  const path = Object.keys(files).find((file) => file.endsWith(end));
  return path === undefined ? undefined : files[path]();
}
