// `tidu tune`: searches settings of a training.
import { type Command, Option } from "commander";
import { ArgumentError } from "tidu";
import { STDIN } from "../../sources/tables/bytes.js";
import { Output } from "../output.js";
import { type Ground, ground, prepare } from "../run/begin.js";
import { lasting } from "../run/data.js";
import { startEngine } from "../run/engine.js";
import { withNetwork } from "../run/from.js";
import { usualMetric } from "../run/score.js";
import type { Wishes } from "../run/wishes.js";
import { openWorld } from "../run/world.js";
import { addTrainingOptions, type TrainingOptions, wishesOf } from "../training-options.js";
import { tune } from "../tune/carry-out.js";
import { halving, makeTuning, type Plan, SEARCHES, type Search } from "../tune/plan.js";
import { checkComparable } from "../tune/score.js";
import {
  checkNames,
  type Dimension,
  gridOf,
  randomOf,
  readSpace,
  searchOption,
  USUAL,
  wishesOfTrial,
} from "../tune/space.js";
import { wishesOfUnit, withModel } from "../tune/trial.js";
import { whole } from "../values.js";

interface Options extends Omit<TrainingOptions, "set"> {
  set?: string[];
  trials?: number;
  search: Search;
  folds?: number;
  jobs?: number;
}

const EXAMPLES = `
Examples:
  $ tidu tune flowers.csv
  $ tidu tune houses.csv --trials 30 --set lr=1e-4..1e-1 --set hidden=64|64,64|256,128 --metric r2
  $ tidu tune flowers.csv --search grid --set optimizer=adam,sgd --set lr=1e-4..1e-1/4 --folds 5
  $ tidu tune photos/ --search halving --trials 27 --epochs 30 --set lr=1e-4..1e-2 --jobs 2
  $ tidu tune digits.npz --model ./model.ts --set width=16..128 --set lr=1e-4..1e-2
  $ tidu resume runs/tuned    (goes on with one that was stopped, or helps one that is under way)

All options of tidu train hold for every trial. A range is searched by factors if its ends are 10 times apart or more;
a grid has 5 points of a range, or as many as are said after a slash.`;

/** Default number of trials. */
const TRIALS = 20;
/** More trials than this are a mistake. */
const MOST_TRIALS = 10_000;

/** tidu tune: tries settings, and keeps the best as a run. */
export function addTune(program: Command, args: readonly string[]): void {
  const command = program
    .command("tune")
    .summary("search for good training settings")
    .description(
      "Train with many settings, compare them on validation data, and keep the best as a run. Settings are chosen at random, from a grid, or by successive halving, which gives most epochs to the settings that begin well.",
    );
  addTrainingOptions(command, searchOption())
    .option("--trials <n>", `settings to try (default: ${TRIALS}; of a grid all)`, whole(1, MOST_TRIALS))
    .addOption(
      new Option("--search <how>", "how settings are chosen, and how long each is trained")
        .choices(SEARCHES)
        .default("random"),
    )
    .option(
      "--folds <n>",
      "cross-validation: the number of parts; each trial is trained once for each, and validated on it",
      whole(2),
    )
    .option("--jobs <n>", "trials to train at the same time, each in its own process", whole(1, 64))
    .addHelpText("after", EXAMPLES)
    .action(async (data: string | undefined, { set, trials, search, folds, jobs, ...said }: Options) => {
      const output = new Output(process.stdout, said.json);
      const { out, set: _, ...wishes } = await wishesOf(data, said as TrainingOptions, command, args);
      const space = readSpace(set ?? usual(wishes), command);
      const path = out ?? `runs/${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}-tune`;
      checkNames(wishes.model, wishes.from, space);
      await check(wishes, search, trials, folds, space);
      const plan = await planOf(wishes, space, { trials, search, folds }, output);
      await makeTuning(path, plan);
      const count = plan.trials.length;
      const how = { random: "at random", grid: "of a grid", halving: "by successive halving" }[search];
      output.event({ event: "tune", directory: path, ...plan });
      output.say(`${path}: ${count} ${count === 1 ? "trial" : "trials"} ${how}, compared by ${plan.wishes.metric}`);
      await tune(path, { jobs, trust: said.trust }, output);
    });
}

/**
 * The settings that are searched by default, without those given once for all trials. Whether a model file takes
 * dropout is not known, and that of a trained network is one of its layers.
 */
const usual = ({ model, from, dropout, batchSize, lr }: Omit<Wishes, "out">): string[] => {
  const drops = from === undefined && (model === undefined || model === "mlp" || model === "cnn" || model === "lenet");
  const open = { lr: lr === undefined, "batch-size": batchSize === undefined, dropout: drops && dropout === undefined };
  return USUAL.filter((text) => open[text.split("=")[0] as keyof typeof open]);
};

async function check(
  wishes: Omit<Wishes, "out">,
  search: Search,
  trials: number | undefined,
  folds: number | undefined,
  space: readonly Dimension[],
): Promise<void> {
  if ((await openWorld()) !== undefined)
    throw new ArgumentError("tune: it starts its own processes; give --jobs instead of mpirun or srun");
  if (wishes.data === STDIN)
    throw new ArgumentError("tune: standard input can be read only once; give the path of a file");
  if (wishes.validation === "test")
    throw new ArgumentError(
      "--validation test: the test part is for the best trial, at the end; give a share, or --validation-data",
    );
  if (folds !== undefined && wishes.validationData !== undefined)
    throw new ArgumentError("--folds and --validation-data: both are given; leave one out");
  if (folds !== undefined && wishes.reading.splitTime !== undefined)
    throw new ArgumentError(
      "--folds and --split-time: by time there is only one last part, so no folds; leave one out",
    );
  if (search === "grid" && trials !== undefined)
    throw new ArgumentError("--trials: a grid tries all combinations; leave it out, or search at random");
  if (wishes.from !== undefined && space.some(({ key }) => key === "model"))
    throw new ArgumentError("--from and --set model: both say what the network is; leave one out");
  if (search === "halving" && space.some(({ key }) => key === "epochs"))
    throw new ArgumentError("--set epochs: successive halving decides how long each trial is trained; give --epochs");
  if (space.length === 0)
    throw new ArgumentError("tune: nothing is left to search; give --set, such as --set lr=1e-4..1e-1");
}

async function planOf(
  given: Omit<Wishes, "out">,
  space: readonly Dimension[],
  { trials = TRIALS, search, folds }: Pick<Options, "trials" | "search" | "folds">,
  output: Output,
): Promise<Plan> {
  const found = search === "grid" ? gridOf(space) : randomOf(space, trials, given.seed);
  if (found.length > MOST_TRIALS)
    throw new ArgumentError(
      `tune: the grid has ${found.length.toLocaleString("en")} trials, and at most ${MOST_TRIALS} are allowed; give fewer points, or search at random`,
    );
  const { from, freeze, features, last, trust, model: record, ...rest } = await withNetwork(given);
  const model = record === undefined || Object.keys(record).length > 1 ? record : record.name;
  const paths = {
    data: lasting(given.data),
    ...(given.validationData === undefined ? {} : { validationData: lasting(given.validationData) }),
    ...(given.testData === undefined ? {} : { testData: lasting(given.testData) }),
  };
  const wishes = { ...rest, ...paths, model };
  const engine = await startEngine(given);
  const reading = folds === undefined ? wishes.reading : { ...wishes.reading, folds, fold: 1 };
  const on = await ground({ ...wishes, reading }, engine, output);
  const { data } = on;
  if (data.validation === undefined)
    throw new ArgumentError(
      "--validation 0: trials are compared on rows that are set apart; give a share, --folds or --validation-data",
    );
  const metric = wishes.metric ?? usualMetric(data.source.task);
  checkComparable(
    metric,
    space.map(({ name }) => name),
  );
  const plan: Plan = {
    format: 1,
    command: wishes.command,
    search,
    wishes: { ...wishes, metric },
    trials: await Promise.all(
      found.map(async (settings) => ({ settings, wishes: await wishesOfTrial(space, settings) })),
    ),
    rungs: search === "halving" ? halving(found.length) : [{ trials: found.length, share: 1 }],
    ...(folds === undefined ? {} : { folds }),
    fingerprint: data.source.fingerprint,
  };
  await checkSome(plan, on);
  return plan;
}

/** Throws the first trial's error, unless one of the trials can be trained. */
async function checkSome(plan: Plan, on: Ground): Promise<void> {
  let first: unknown;
  for (const trial of plan.trials.keys()) {
    try {
      await prepare(on, withModel(wishesOfUnit(plan, { trial, fold: plan.folds === undefined ? 0 : 1 })));
      return;
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
