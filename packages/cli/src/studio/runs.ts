import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Holder, holderOf } from "../runs/lock.js";

/** A run as the list of runs shows it. */
export interface RunEntry {
  /** The name of its folder. */
  readonly name: string;
  /** What its config.json says. */
  readonly config: unknown;
  /** Whether it has come to its end. */
  readonly finished: boolean;
  /** The process that trains it now; undefined if there is none, because it has ended or was killed. */
  readonly holder?: Holder;
  /** When it last wrote a metric, or was begun: milliseconds since 1970. */
  readonly changed: number;
}

/** The runs in a folder, the newest first; none if there is no such folder. */
export async function listRuns(directory: string): Promise<RunEntry[]> {
  const entries = await Promise.all((await namesIn(directory)).map((name) => entryOf(directory, name)));
  return entries.flatMap((entry) => entry ?? []).sort((a, b) => b.changed - a.changed);
}

/** The names of folders in a folder. A run is only ever opened by a name that is among them. */
export async function namesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function entryOf(directory: string, name: string): Promise<RunEntry | undefined> {
  const folder = join(directory, name);
  const config = await jsonOf(join(folder, "config.json"));
  if (config === undefined) return undefined;
  const [metrics, begun, result] = await Promise.all(
    ["metrics.jsonl", "config.json", "result.json"].map((file) => timeOf(join(folder, file))),
  );
  const holder = await holderOf(folder).catch(() => undefined);
  return { name, config, finished: result !== undefined, holder, changed: metrics ?? begun ?? 0 };
}

/** What a JSON file says; undefined while it is not there or not whole. */
export async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}

const timeOf = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
