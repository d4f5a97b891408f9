// Lists the runs in a folder for the studio.
import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Holder, holderOf, LOCK } from "../runs/lock.js";
import { jsonOf } from "./files.js";
import { type Ending, endingOf } from "./line.js";

/** What a run's best epoch came to. */
export interface Best {
  readonly epoch: number;
  readonly loss?: number;
  readonly accuracy?: number;
}

/** A run as the list of runs shows it. */
export interface RunEntry {
  /** The name of its folder. */
  readonly name: string;
  /** What its config.json says; nothing if that is not a record. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What is wrong with it: its config.json is damaged, or it is a link that leads nowhere. */
  readonly problem?: "config" | "link";
  /** Whether it has come to its end, and if so, after how many epochs. */
  readonly finished: boolean;
  readonly epochs?: number;
  /** Of a run that has ended: the epoch whose network is used, and what it came to on the validation data. */
  readonly best?: Best;
  /** How its metrics.jsonl ends. */
  readonly metrics?: Ending;
  /** The process that trains it now; undefined if there is none, because it has ended or was killed. */
  readonly holder?: Holder;
  /** When it last wrote a metric, or was begun: milliseconds since 1970. */
  readonly changed: number;
}

/** The runs in a folder, the newest first; none if there is no such folder. */
export async function listRuns(directory: string): Promise<RunEntry[]> {
  const entries = await Promise.all((await namesIn(directory)).map((name) => entryOf(directory, name)));
  const broken = await brokenLinks(directory);
  return [...entries.flatMap((entry) => entry ?? []), ...broken].sort((a, b) => b.changed - a.changed);
}

/** The names of folders in a folder, links to folders included. A run is only ever opened by a name that is among them. */
export async function namesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const folders = await Promise.all(
    entries.map(
      async (entry) => entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(directory, entry.name)))),
    ),
  );
  return entries.filter((_, i) => folders[i]).map(({ name }) => name);
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Links that lead nowhere: somebody put them there, and is told. */
async function brokenLinks(directory: string): Promise<RunEntry[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const links = entries.filter((entry) => entry.isSymbolicLink());
  const gone = await Promise.all(links.map(({ name }) => timeOf(join(directory, name))));
  return links.flatMap(({ name }, i) =>
    gone[i] === undefined ? [{ name, config: {}, problem: "link", finished: false, changed: 0 } as const] : [],
  );
}

/** Bytes that a config.json has at most. */
const CONFIG = 2 ** 20;

async function entryOf(directory: string, name: string): Promise<RunEntry | undefined> {
  const folder = join(directory, name);
  if (!(await isThere(join(folder, "config.json")))) return undefined;
  const config = await jsonOf(join(folder, "config.json"), CONFIG);
  const [written, begun, ended] = await Promise.all(
    ["metrics.jsonl", "config.json", "result.json"].map((file) => timeOf(join(folder, file))),
  );
  const [metrics, result] = await Promise.all([
    endingOf(join(folder, "metrics.jsonl")),
    jsonOf(join(folder, "result.json"), CONFIG),
  ]);
  // A lock that is not a file would never be read to its end.
  const lock = await stat(join(folder, LOCK)).catch(() => undefined);
  const holder = lock?.isFile() ? await holderOf(folder).catch(() => undefined) : undefined;
  const epochs = isRecord(result) && typeof result.epochs === "number" ? result.epochs : undefined;
  const best = bestOf(result);
  const shared = { name, finished: ended !== undefined, epochs, best, metrics, holder, changed: written ?? begun ?? 0 };
  return isRecord(config) ? { ...shared, config } : { ...shared, config: {}, problem: "config" };
}

/** The best epoch that a result.json names. */
function bestOf(result: unknown): Best | undefined {
  if (!isRecord(result) || typeof result.bestEpoch !== "number") return undefined;
  const { loss, accuracy } = isRecord(result.validation) ? result.validation : {};
  const number = (value: unknown) => (typeof value === "number" ? value : undefined);
  return { epoch: result.bestEpoch, loss: number(loss), accuracy: number(accuracy) };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether there is anything of the name. */
const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const timeOf = (file: string): Promise<number | undefined> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
