// Finds and loads the trained network of a run, for commands that use one.
import { existsSync } from "node:fs";
import { ArgumentError, type nn } from "tidu";
import { checkTrust } from "../models/trust.js";
import type { RunConfig } from "./config.js";
import { type DeviceName, type Engine, startEngine, startPreferred } from "./engine.js";
import { type NetworkFile, RunFolder } from "./folder.js";
import { makeNet } from "./trainer.js";

/** A run's network, ready to use, and what it was trained on. */
export interface Trained {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly net: nn.Module;
  readonly engine: Engine;
  /** What it is computed on, and whether training came to its end. */
  readonly says: string;
}

/** Which of a run's networks to use, and whether it may be made. */
export interface ModelChoices {
  /** Whether the network of the last epoch is wanted, not that of the best. */
  readonly last?: boolean;
  /** Whether a program that this user did not write may make the network. */
  readonly trust?: boolean;
  /** How the user allows it. Default: --trust. */
  readonly toTrust?: string;
}

/** The user's options for using a trained network. */
export interface UseOptions extends ModelChoices {
  /** What to compute on; default: the device of the run, or WebAssembly where that cannot be had. */
  readonly device?: DeviceName;
}

/** A run that has a network. */
export type FoundRun = Pick<Trained, "folder" | "config"> & { readonly which: NetworkFile };

/**
 * Finds a run's network: that of the epoch that was best on the validation part, if there was one. Of a run that was
 * killed it is that of its checkpoints.
 *
 * @throws ArgumentError if there is none, or an untrusted program makes it.
 */
export async function findTrained(path: string, { last = false, trust, toTrust }: ModelChoices): Promise<FoundRun> {
  const { folder, config } = await RunFolder.open(path);
  await checkTrust(config.model, path, trust, toTrust);
  const which = last ? "model" : await folder.chosen();
  if (existsSync(folder.file(`${which}.safetensors`))) return { folder, config, which };
  // A run that was killed has checkpoints only.
  const left = await folder.left(last);
  if (left !== undefined) return { folder, config, which: left };
  throw new ArgumentError(`${path} has no network and no checkpoint yet; run tidu resume ${path}`);
}

/** Makes the network that was found, on the device in use. */
export async function makeTrained({ folder, config, which }: FoundRun): Promise<nn.Module> {
  const net = await makeNet(config, folder.path);
  await folder.loadModel(net, which);
  return net;
}

/** Makes a run's network as it was before any training, on the device in use. */
export async function makeUntrained({ folder, config }: Pick<FoundRun, "folder" | "config">): Promise<nn.Module> {
  const net = await makeNet(config, folder.path);
  if (config.model.start !== undefined) await folder.loadStart(net);
  return net;
}

/** Makes a run's network from its folder alone, and starts what it is computed on. Throws as `findTrained` does. */
export async function openTrained(path: string, { device, ...choices }: UseOptions = {}): Promise<Trained> {
  const found = await findTrained(path, choices);
  const { folder, config } = found;
  const { portable, device: own } = config.training;
  const engine = await (device === undefined
    ? startPreferred({ device: own, portable })
    : startEngine({ device, portable }));
  const unfinished = found.which.startsWith("checkpoints")
    ? "; the run is not finished: the network is that of its checkpoints"
    : "";
  return { folder, config, net: await makeTrained(found), engine, says: engine.says + unfinished };
}
