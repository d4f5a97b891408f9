// The plan of `tidu tune`: the content of its folder's tune.json, from which any process can continue.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, TiduError } from "tidu";
import { makeFolder, systemReason, writeFileAtomic } from "tidu/internal";
import { parseJson } from "../../runs/json.js";
import { TUNING } from "../run/folder.js";
import { checkRecord } from "../run/schema.js";
import type { Wishes } from "../run/wishes.js";
import type { Settings } from "./space.js";

export const SEARCHES = ["random", "grid", "halving"] as const;
export type Search = (typeof SEARCHES)[number];

/** A set of settings that is tried. */
export interface Trial {
  readonly settings: Settings;
  /** The same as a run's wishes. */
  readonly wishes: Partial<Wishes>;
}

/** A round of training: how many of the best trials take part, and the share of their epochs that they then have. */
export interface Rung {
  readonly trials: number;
  readonly share: number;
}

/** The content of tune.json. */
export interface Plan {
  readonly format: 1;
  readonly command: string;
  readonly search: Search;
  /** What all trials have in common. */
  readonly wishes: Omit<Wishes, "out">;
  readonly trials: readonly Trial[];
  readonly rungs: readonly Rung[];
  /** Parts of cross-validation; absent where a part is set apart once. */
  readonly folds?: number;
  /** Of the data. */
  readonly fingerprint: string;
}

/** The part of trials that goes on to the next rung. */
const ETA = 3;

/**
 * The rungs of successive halving (Jamieson and Talwalkar, 2016) with a third kept in each: all trials have few epochs,
 * the best third has three times as many, and so on until those left have all.
 */
export function halving(trials: number): Rung[] {
  const rounds = Math.floor(Math.log(trials) / Math.log(ETA) + 1e-9);
  return Array.from({ length: rounds + 1 }, (_, round) => ({
    trials: Math.max(1, Math.floor(trials / ETA ** round)),
    share: ETA ** (round - rounds),
  }));
}

/** Makes a tuning's folder, which must be empty if it exists. */
export async function makeTuning(path: string, plan: Plan): Promise<void> {
  try {
    await makeFolder(path);
  } catch (cause) {
    throw new TiduError(`cannot make ${path}: ${systemReason((cause as TiduError).cause ?? cause)}`, { cause });
  }
  if ((await readdir(path)).length > 0)
    throw new ArgumentError(`${path} is not empty; choose another folder, or run tidu resume ${path}`);
  await mkdir(join(path, "progress"));
  await writeFileAtomic(join(path, TUNING), new TextEncoder().encode(`${JSON.stringify(plan, null, 2)}\n`));
}

/** Whether a folder is that of a tuning. */
export const isTuning = (path: string): boolean => existsSync(join(path, TUNING));

/** Reads tune.json. Throws DataError, which names the place, if it is damaged. */
export async function readPlan(path: string): Promise<Plan> {
  const file = join(path, TUNING);
  return checkRecord<Plan>("plan", parseJson(file, await readFile(file, "utf8")), file);
}
