import { ArgumentError } from "tidu";
import { makeModel } from "../models/model.js";
import type { Output } from "../output.js";
import { reading } from "../ui/reading.js";
import type { RunConfig, TrainingChoices } from "./config.js";
import { reopenRunData } from "./data.js";
import { startEngine } from "./engine.js";
import { RunFolder } from "./folder.js";
import { introduce } from "./introduce.js";
import { spansEpochs } from "./schedules.js";
import { makeTrainer, requestOf } from "./trainer.js";
import type { Run } from "./training.js";

type Changes = Partial<Pick<TrainingChoices, "epochs" | "threads" | "device">>;

/**
 * Makes a run ready to go on from its folder alone.
 *
 * @param changes what may differ from the run so far.
 */
export async function reopen(path: string, changes: Changes, output: Output): Promise<Run> {
  const { folder, config: before } = await RunFolder.open(path);
  const previous = await folder.hold();
  try {
    if (previous !== undefined) output.say(`took over from process ${previous.pid}, which ended without a word`);
    return await reopenHeld(folder, before, changes, output);
  } catch (error) {
    await folder.free();
    throw error;
  }
}

async function reopenHeld(folder: RunFolder, before: RunConfig, changes: Changes, output: Output): Promise<Run> {
  await checkEpochs(folder, before.training, changes.epochs);
  const config = { ...before, training: { ...before.training, ...changes } };
  const engine = await startEngine(config.training);
  const data = await reading(output, (onProgress) => reopenRunData(config, onProgress));
  const net = await makeModel(config.model, requestOf(config.data, config.training.dropout));
  const trainer = makeTrainer(net, config);
  await folder.saveConfig(config);
  output.event({ event: "resume", directory: folder.path, ...config });
  output.say(introduce(config, data, net, engine.says));
  return { config, folder, data, trainer, engine, output };
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
    `--epochs ${wanted}: the run's schedule ${schedule} was planned for ${epochs} epochs: leave --epochs out, or train anew`,
  );
}
