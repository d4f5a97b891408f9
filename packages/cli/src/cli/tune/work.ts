// A process's part of a tuning: it trains units that no other process trains, until none is left.
import { setTimeout as pause } from "node:timers/promises";
import { DataError } from "tidu";
import { Interrupted } from "../exit.js";
import { Output } from "../output.js";
import { type Ground, ground } from "../run/begin.js";
import type { Engine } from "../run/engine.js";
import type { Wishes } from "../run/wishes.js";
import type { Plan } from "./plan.js";
import type { Outcomes, Progress, Unit } from "./progress.js";
import { tryOut, wishesOfUnit } from "./trial.js";

/** Milliseconds between looks at what other processes do. */
const LOOK = 200;

/** Called with all outcomes whenever some are new. */
type Tell = (all: readonly (readonly Outcomes[])[]) => void;

/** Trains all units that are pending, side by side with other processes that do the same. */
export async function work(
  path: string,
  plan: Plan,
  progress: Progress,
  engine: Engine,
  tell: Tell,
): Promise<readonly (readonly Outcomes[])[]> {
  const grounds = new Grounds(plan, engine);
  for (;;) {
    const all = await progress.all();
    tell(all);
    const pending = progress.pending(all);
    if (pending.length === 0) return all;
    if (!(await trainOne(path, plan, progress, grounds, pending))) await pause(LOOK);
  }
}

/** Trains the first of the units that is free; false if none is. */
async function trainOne(
  path: string,
  plan: Plan,
  progress: Progress,
  grounds: Grounds,
  pending: readonly Unit[],
): Promise<boolean> {
  for (const unit of pending) {
    const lock = await progress.take(unit);
    if (lock === undefined) continue;
    try {
      // Another process may have done it in between.
      if (await progress.has(unit)) return true;
      const on = await grounds.of(unit);
      await progress.add(unit, await tryOut(plan, unit, progress.runOf(unit), on, silent()));
      return true;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      throw new Interrupted(error.signal, `stopped in trial ${unit.trial + 1}; continue with: tidu resume ${path}`);
    } finally {
      await lock.release();
    }
  }
  return false;
}

const silent = (): Output => new Output(process.stdout, false, true);

/** The data of each fold, read once. */
class Grounds {
  readonly #known = new Map<number, Promise<Ground>>();

  constructor(
    private readonly plan: Plan,
    private readonly engine: Engine,
  ) {}

  of(unit: Unit): Promise<Ground> {
    const known = this.#known.get(unit.fold) ?? open(this.plan, wishesOfUnit(this.plan, unit), this.engine);
    this.#known.set(unit.fold, known);
    return known;
  }
}

async function open({ fingerprint }: Plan, wishes: Wishes, engine: Engine): Promise<Ground> {
  const found = await ground(wishes, engine, silent());
  if (found.data.source.fingerprint === fingerprint) return found;
  throw new DataError(
    `${found.record.path} has changed since the search began; put the data back, or begin another search`,
  );
}
