// `--config`: what a run's config.json says, or a part of it, as a person's wishes.
import { readFile } from "node:fs/promises";
import { ArgumentError } from "tidu";
import { parseJson } from "../../runs/json.js";
import { checkTrust } from "../models/trust.js";
import type { RunConfig, TrainingChoices } from "./config.js";
import { checkRecord } from "./schema.js";

/** Some of a config.json. */
interface Given {
  readonly model?: RunConfig["model"];
  readonly data?: Partial<Pick<RunConfig["data"], "path" | "options" | "validation" | "test">>;
  readonly training?: Partial<TrainingChoices>;
}

/**
 * Reads the file.
 *
 * @param trust whether a model file that this user did not write may run.
 * @throws ArgumentError if it is not there, or nobody trusts its model; DataError or FormatError, with the place, for what
 *   is not as in a config.json.
 */
export async function readWishes(path: string, trust: boolean | undefined): Promise<Given> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ArgumentError(`--config ${path}: cannot read it: ${(cause as Error).message}`, { cause });
  }
  const given = checkRecord<Given>("wishes", parseJson(path, text), path);
  if (given.model !== undefined) await checkTrust(given.model, path, trust);
  return given;
}

/** A training's choices by the names that they have as options of the command. */
export function optionsOf({
  checkpoint,
  classWeights,
  metric,
  ...training
}: Partial<TrainingChoices>): Record<string, unknown> {
  return {
    ...training,
    // The usual measure of classes; other data may have values.
    ...(metric === "brier" ? {} : { metric }),
    ...(checkpoint === undefined ? {} : { checkpointEvery: checkpoint }),
    ...(classWeights === undefined ? {} : { classWeights: "balanced" }),
  };
}
