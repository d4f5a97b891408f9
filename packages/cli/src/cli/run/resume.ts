// Opens the folder of an earlier run to continue it.
import { ArgumentError } from "tidu";
import type { World } from "tidu/mpi";
import { checkTrust } from "../models/trust.js";
import type { Output } from "../output.js";
import { reading } from "../ui/reading.js";
import type { RunConfig, TrainingChoices } from "./config.js";
import { reopenRunData } from "./data.js";
import { startEngine } from "./engine.js";
import { RunFolder } from "./folder.js";
import { introduce, placeOf } from "./introduce.js";
import { spansEpochs } from "./schedules.js";
import { makeTrainer } from "./trainer.js";
import type { Run } from "./training.js";
import { makeUntrained } from "./use.js";
import { fromFirst, leads } from "./world.js";

type Changes = Partial<Pick<TrainingChoices, "epochs" | "threads" | "device" | "report">>;

/**
 * Makes a run ready to continue from its folder alone.
 *
 * @param changes what may differ from the run so far.
 * @param trust whether a program that this user did not write may make the network.
 */
export async function reopen(
  path: string,
  changes: Changes,
  output: Output,
  world?: World,
  trust = false,
): Promise<Run> {
  let opened: RunFolder | undefined;
  const before = await fromFirst(world, async () => {
    const { folder, config } = await RunFolder.open(path);
    await checkTrust(config.model, path, trust);
    opened = folder;
    return config;
  });
  const folder = opened ?? RunFolder.at(path);
  const previous = leads(world) ? await folder.hold() : undefined;
  try {
    if (previous !== undefined) output.say(`took over from process ${previous.pid}, which ended unexpectedly`);
    return await reopenHeld(folder, before, changes, output, world);
  } catch (error) {
    await folder.free();
    throw error;
  }
}

async function reopenHeld(
  folder: RunFolder,
  before: RunConfig,
  changes: Changes,
  output: Output,
  world: World | undefined,
): Promise<Run> {
  if (leads(world)) await checkEpochs(folder, before.training, changes.epochs);
  const config = { ...before, training: { ...before.training, ...changes } };
  const engine = await startEngine({ ...config.training, threads: config.training.threads ?? world?.threads });
  const data = await reading(output, (onProgress) => reopenRunData(config, onProgress));
  const net = await makeUntrained({ folder, config });
  const trainer = makeTrainer(net, config, world);
  if (leads(world)) await folder.saveConfig(config);
  output.event({ event: "resume", directory: folder.path, ...config });
  output.say(introduce(config, data, net, placeOf(engine.says, world)));
  return { config, folder, data, trainer, engine, output, world };
}

async function checkEpochs(
  folder: RunFolder,
  { epochs, schedule }: TrainingChoices,
  wanted: number | undefined,
): Promise<void> {
  if (wanted === undefined || wanted === epochs) return;
  const done = (await folder.metrics()).length;
  if (wanted < done) {
    throw new ArgumentError(
      `--epochs ${wanted}: ${done} epochs of the run are done; give at least ${done}, or leave --epochs out`,
    );
  }
  if (schedule === undefined || !spansEpochs(schedule)) return;
  throw new ArgumentError(
    `--epochs ${wanted}: the run's schedule ${schedule} was planned for ${epochs} epochs; leave --epochs out, or train again`,
  );
}
