// Carries a tuning out, from its start or from where it was stopped; other processes may do the same in its folder.
import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { TiduError } from "tidu";
import { writeFileAtomic } from "tidu/internal";
import { checkTrust } from "../models/trust.js";
import type { Output } from "../output.js";
import { csvLine } from "../predictions/csv.js";
import { type DeviceName, startEngine } from "../run/engine.js";
import { makeBest } from "./best.js";
import { describe, failureOf, headOf, plotsOf, type Ranked, ranking, settingsOf, tableOf } from "./ending.js";
import { type Plan, readPlan } from "./plan.js";
import { type Outcomes, Progress } from "./progress.js";
import { work } from "./work.js";

export interface TuneChoices {
  /** Processes that train trials at the same time. Default 1. */
  readonly jobs?: number;
  readonly threads?: number;
  readonly device?: DeviceName;
  readonly trust?: boolean;
}

/** Trains what is left of a tuning; the process that leads it then makes the best run and shows everything. */
export async function tune(
  path: string,
  { jobs = 1, threads, device, trust }: TuneChoices,
  output: Output,
): Promise<void> {
  const plan = await readPlan(path);
  for (const { model } of [plan.wishes, ...plan.trials.map(({ wishes }) => wishes)])
    if (typeof model === "object") await checkTrust(model, path, trust);
  const progress = new Progress(path, plan);
  const own =
    threads ?? plan.wishes.threads ?? (jobs > 1 ? Math.max(1, Math.floor(availableParallelism() / jobs)) : undefined);
  const engine = await startEngine({ ...plan.wishes, threads: own, device: device ?? plan.wishes.device });
  const lock = await progress.lead();
  const helpers = Array.from({ length: jobs - 1 }, () => help(path, { threads: own, device, trust }));
  try {
    const all = await work(path, plan, progress, engine, teller(plan, progress, output));
    const leader = lock ?? (await progress.lead());
    if (leader === undefined)
      return output.say("all trials are trained; the process that leads the search finishes it");
    try {
      await end(path, plan, progress, all, engine, output);
    } finally {
      if (leader !== lock) await leader.release();
    }
  } finally {
    for (const helper of helpers) helper.kill("SIGTERM");
    await lock?.release();
  }
}

/** Another process that takes trials, too; it ends when this one is gone. */
const help = (path: string, { threads, device, trust }: Omit<TuneChoices, "jobs">): ChildProcess =>
  spawn(
    process.execPath,
    [
      ...process.execArgv,
      process.argv[1],
      "resume",
      path,
      "--led",
      ...(threads === undefined ? [] : ["--threads", String(threads)]),
      ...(device === undefined ? [] : ["--device", device]),
      ...(trust ? ["--trust"] : []),
    ],
    // The channel closes when this process is gone, however it ends.
    { stdio: ["ignore", "ignore", "inherit", "ipc"] },
  );

/** Ends this process, as SIGTERM does, when the one that started it by `help` is gone. */
export function endWithLeader(): void {
  const end = () => process.kill(process.pid, "SIGTERM");
  process.once("disconnect", end);
  // It may be gone already.
  if (process.connected === false) end();
  // Listening alone must not keep the process alive.
  process.channel?.unref();
}

/** Tells of each trial that ends, whichever process trained it. */
function teller(plan: Plan, progress: Progress, output: Output) {
  let told: Set<string> | undefined;
  return (all: readonly (readonly Outcomes[])[]): void => {
    const first = told === undefined;
    const known = (told ??= new Set());
    for (const [rung] of plan.rungs.entries()) {
      for (const [trial, rungs] of all.entries()) {
        const outcomes = rungs[rung];
        const key = `${trial} ${rung}`;
        if (known.has(key) || outcomes.some((outcome) => outcome === undefined)) continue;
        known.add(key);
        if (!first) tell(plan, progress, trial, rung, outcomes, output);
      }
    }
    if (first && known.size > 0) output.say(`continuing: ${known.size} training runs are done`);
  };
}

function tell(plan: Plan, progress: Progress, trial: number, rung: number, outcomes: Outcomes, output: Output): void {
  const { settings } = plan.trials[trial];
  const value = progress.value(outcomes);
  output.event({
    event: "trial",
    trial: trial + 1,
    settings,
    rung: rung + 1,
    value,
    failed: failureOf(outcomes),
    outcomes,
  });
  const epochs = Math.max(...outcomes.map((outcome) => outcome?.epochs ?? 0));
  const after = plan.rungs.length > 1 ? ` after ${epochs} ${epochs === 1 ? "epoch" : "epochs"}` : "";
  output.say(
    `trial ${trial + 1}/${plan.trials.length}${after}: ${settingsOf(plan, trial)}: ${describe(progress, outcomes)}`,
  );
}

async function end(
  path: string,
  plan: Plan,
  progress: Progress,
  all: readonly (readonly Outcomes[])[],
  engine: Parameters<typeof makeBest>[4],
  output: Output,
): Promise<void> {
  const ranked = ranking(progress, all);
  const [first] = ranked;
  await writeFileAtomic(join(path, "trials.csv"), new TextEncoder().encode(asCsv(plan, progress, ranked)));
  output.say("");
  output.say(tableOf(plan, progress, ranked));
  for (const drawing of plotsOf(plan, progress, all)) output.draw(`\n${drawing}`);
  output.say("");
  if (first?.value === undefined) {
    output.event({ event: "tuned", directory: path });
    throw new TiduError(
      `no trial has a result: ${join(path, "trials.csv")} says why; if losses are not finite, search smaller learning rates`,
    );
  }
  const { settings } = plan.trials[first.trial];
  const best = await makeBest(path, plan, progress, first.trial, engine, output);
  output.event({ event: "tuned", directory: path, best, trial: first.trial + 1, settings, value: first.value });
  output.say(`best trial ${first.trial + 1}: ${settingsOf(plan, first.trial)}; its run is ${best}`);
}

function asCsv(plan: Plan, progress: Progress, ranked: readonly Ranked[]): string {
  const names = Object.keys(plan.trials[0].settings);
  const rows = ranked.map(({ trial, outcomes, value }) => {
    const [one] = outcomes;
    return [
      ...[String(trial + 1), ...names.map((name) => plan.trials[trial].settings[name])],
      ...[one?.epochs, one?.bestEpoch, value].map((number) => (number === undefined ? "" : String(number))),
      String(outcomes.reduce((sum, outcome) => sum + (outcome?.seconds ?? 0), 0)),
      failureOf(outcomes) ?? "",
    ];
  });
  const results = ["epochs", "best epoch", progress.metric, "seconds", "failed"];
  return [headOf(names, results), ...rows].map(csvLine).join("");
}
