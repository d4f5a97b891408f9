import { existsSync } from "node:fs";
import { ArgumentError, type nn } from "tidu";
import { makeModel } from "../models/model.js";
import type { RunConfig } from "./config.js";
import { type DeviceName, type Engine, startEngine } from "./engine.js";
import { RunFolder } from "./folder.js";
import { requestOf } from "./trainer.js";

/** Which of a run's networks is meant: that of the last epoch, or that of the best. */
export type Which = "model" | "best";

/** A run's network, ready to use, and what it was trained on. */
export interface Trained {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly net: nn.Module;
  readonly engine: Engine;
}

/** Makes a run's network from its folder alone, and starts the device that is named (default: that of the run). */
export async function openTrained(path: string, which: Which, device?: DeviceName): Promise<Trained> {
  const { folder, config } = await RunFolder.open(path);
  if (!existsSync(folder.file(`${which}.safetensors`))) {
    throw new ArgumentError(`${path} has no ${which}.safetensors yet: finish the run with: tidu resume ${path}`);
  }
  const { portable, device: own, dropout } = config.training;
  const engine = await startEngine({ device: device ?? own, portable });
  const net = await makeModel(config.model, requestOf(config.data, dropout));
  await folder.loadModel(net, which);
  return { folder, config, net, engine };
}
