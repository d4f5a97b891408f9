// The progress of a tuning: for each trial and fold a folder with measurements, locked by the process that trains it.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError, DataError, TiduError } from "tidu";
import { writeFileAtomic } from "tidu/internal";
import { parseJson } from "../../runs/json.js";
import { holderOf, RunLock } from "../../runs/lock.js";
import type { Quality } from "../run/quality.js";
import { checkRecord } from "../run/schema.js";
import type { Plan } from "./plan.js";
import { byMeasure, measured } from "./score.js";

/** A trial's training on one part of the data, up to the end of one rung. */
export interface Unit {
  /** From 0. */
  readonly trial: number;
  /** From 1; 0 where there are no folds. */
  readonly fold: number;
  readonly rung: number;
}

/** The outcome of a unit. */
export interface Outcome {
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly seconds: number;
  /** The quality of the best epoch's network on the validation part; absent where training failed. */
  readonly quality?: Quality;
  /** Why it failed. */
  readonly failed?: string;
}

/** The outcomes of a trial's units in a rung: one for each fold. */
export type Outcomes = readonly (Outcome | undefined)[];

const name = ({ trial, fold }: Pick<Unit, "trial" | "fold">): string =>
  `trial-${String(trial + 1).padStart(3, "0")}${fold === 0 ? "" : `-fold-${fold}`}`;

export class Progress {
  constructor(
    private readonly path: string,
    private readonly plan: Plan,
  ) {}

  /** The folds of each trial. */
  get folds(): number[] {
    const { folds } = this.plan;
    return folds === undefined ? [0] : Array.from({ length: folds }, (_, i) => i + 1);
  }

  /** The folder of a unit's run. */
  runOf(unit: Pick<Unit, "trial" | "fold">): string {
    return join(this.path, name(unit));
  }

  #folder(unit: Pick<Unit, "trial" | "fold">): string {
    return join(this.path, "progress", name(unit));
  }

  /** The measurements so far, by finished rung. */
  async #outcomes(unit: Pick<Unit, "trial" | "fold">): Promise<readonly Outcome[]> {
    const file = join(this.#folder(unit), "outcomes.json");
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return [];
    try {
      return checkRecord("outcomes", parseJson(file, text), file);
    } catch (error) {
      if (!(error instanceof TiduError)) throw error;
      throw new DataError(
        `${error.message}; in a search, remove the file and run tidu resume ${this.path}, which measures again what was in it`,
      );
    }
  }

  async has(unit: Unit): Promise<boolean> {
    return (await this.#outcomes(unit)).length > unit.rung;
  }

  async add(unit: Unit, outcome: Outcome): Promise<void> {
    const all = [...(await this.#outcomes(unit)).slice(0, unit.rung), outcome];
    const text = `${JSON.stringify(all, null, 2)}\n`;
    await writeFileAtomic(join(this.#folder(unit), "outcomes.json"), new TextEncoder().encode(text));
  }

  /** Holds a unit; undefined if another process does. */
  async take(unit: Unit): Promise<RunLock | undefined> {
    const folder = this.#folder(unit);
    await mkdir(folder, { recursive: true });
    if ((await holderOf(folder)) !== undefined) return undefined;
    return taking(folder);
  }

  /** Makes this the process that ends the tuning; undefined if another one is. */
  lead(): Promise<RunLock | undefined> {
    return taking(join(this.path, "progress"));
  }

  /** Each trial's outcomes, by rung. */
  async all(): Promise<Outcomes[][]> {
    const trials = this.plan.trials.map(async (_, trial) => {
      const byFold = await Promise.all(this.folds.map((fold) => this.#outcomes({ trial, fold })));
      return this.plan.rungs.map((_, rung) => byFold.map((outcomes) => outcomes[rung]));
    });
    return Promise.all(trials);
  }

  /** The units that can be trained now, those of the first rung that is not done; none if all is done. */
  pending(all: readonly (readonly Outcomes[])[]): Unit[] {
    let members = [...all.keys()];
    for (const [rung, { trials }] of this.plan.rungs.entries()) {
      if (rung > 0) members = this.ranked(all, members, rung - 1).filter((trial) => isWhole(all[trial][rung - 1]));
      members = members.slice(0, trials).sort((a, b) => a - b);
      const units = members.flatMap((trial) =>
        this.folds.flatMap((fold, i) => (all[trial][rung][i] === undefined ? [{ trial, fold, rung }] : [])),
      );
      if (units.length > 0) return units;
    }
    return [];
  }

  /** Trials by what they came to in a rung, the best first. */
  ranked(all: readonly (readonly Outcomes[])[], trials: readonly number[], rung: number): number[] {
    const value = (trial: number) => this.value(all[trial][rung]);
    return trials.toSorted((a, b) => byMeasure(this.metric, value(a), value(b)) || a - b);
  }

  get metric() {
    return this.plan.wishes.metric ?? "loss";
  }

  /** The mean over the folds; undefined where one is missing or failed. */
  value(outcomes: Outcomes): number | undefined {
    return isWhole(outcomes)
      ? measured(
          this.metric,
          outcomes.map(({ quality }) => quality),
        )
      : undefined;
  }
}

/** Whether all folds were measured. */
export const isWhole = (outcomes: Outcomes): outcomes is readonly (Outcome & { readonly quality: Quality })[] =>
  outcomes.every((outcome) => outcome?.quality !== undefined);

async function taking(folder: string): Promise<RunLock | undefined> {
  try {
    return await RunLock.take(folder);
  } catch (error) {
    if (error instanceof ArgumentError) return undefined;
    throw error;
  }
}
