import { existsSync } from "node:fs";
import { ArgumentError, type nn } from "tidu";
import { checkTrust } from "../models/trust.js";
import type { RunConfig } from "./config.js";
import { type DeviceName, type Engine, startEngine } from "./engine.js";
import { RunFolder } from "./folder.js";
import { makeNet } from "./trainer.js";

/** A run's network, ready to use, and what it was trained on. */
export interface Trained {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly net: nn.Module;
  readonly engine: Engine;
}

/** What a person may say of how a trained network is to be used. */
export interface UseOptions {
  /** Whether the network of the last epoch is wanted, not that of the best. */
  readonly last?: boolean;
  /** What to compute on; default: the device of the run. */
  readonly device?: DeviceName;
  /** Whether a program that this user did not write may make the network. */
  readonly trust?: boolean;
}

/**
 * Makes a run's network from its folder alone: that of the epoch that was best on the validation part, if there was one.
 *
 * @throws ArgumentError if there is none, or a program that nobody trusts makes it.
 */
export async function openTrained(path: string, { last = false, device, trust }: UseOptions = {}): Promise<Trained> {
  const { folder, config } = await RunFolder.open(path);
  await checkTrust(config.model, path, trust);
  const which = last ? "model" : await folder.chosen();
  if (!existsSync(folder.file(`${which}.safetensors`))) {
    throw new ArgumentError(`${path} has no ${which}.safetensors yet: finish the run with: tidu resume ${path}`);
  }
  const { portable, device: own } = config.training;
  const engine = await startEngine({ device: device ?? own, portable });
  const net = await makeNet(config);
  await folder.loadModel(net, which);
  return { folder, config, net, engine };
}
