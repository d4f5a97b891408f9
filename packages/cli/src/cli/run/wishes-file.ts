// `--config`: a run's config.json, or a part of it, as the user's wishes.
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ArgumentError } from "tidu";
import { systemReason } from "tidu/internal";
import { parseJson } from "../../runs/json.js";
import { keptIn } from "../models/files.js";
import { checkTrust } from "../models/trust.js";
import type { RunConfig, TrainingChoices } from "./config.js";
import { checkRecord } from "./schema.js";

/** Some of a config.json. */
export interface Given {
  readonly model?: RunConfig["model"];
  readonly data?: Partial<Pick<RunConfig["data"], "path" | "options" | "validation" | "test" | "preprocessedAs">>;
  readonly training?: Partial<TrainingChoices>;
}

/**
 * Reads the file.
 *
 * @param trust whether a model file that this user did not write may run.
 * @throws ArgumentError if it is missing, or its model is not trusted; DataError or FormatError, with the place, for
 *   what
 *   is not as in a config.json.
 */
export async function readWishes(path: string, trust: boolean | undefined): Promise<Given> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ArgumentError(`--config ${path}: cannot read it: ${systemReason(cause)}`, { cause });
  }
  const said = parseJson<{ data?: { fingerprint?: unknown } } | null>(path, text);
  // What a run found out about its data stands beside its settings; elsewhere it would do nothing.
  const own = said?.data?.fingerprint !== undefined;
  const given = checkRecord<Given>(own ? "rewishes" : "wishes", said, path);
  const { model } = given;
  if (model !== undefined) await checkTrust(model, path, trust);
  if (model?.from === undefined) return given;
  return { ...given, model: { ...model, from: { ...model.from, path: keptIn(dirname(path), model.from.path) } } };
}

/** A training's choices by the names that they have as options of the command. */
export function optionsOf({ checkpoint, metric, ...training }: Partial<TrainingChoices>): Record<string, unknown> {
  return {
    ...training,
    // The usual measure of classes; other data may have values.
    ...(metric === "brier" ? {} : { metric }),
    ...(checkpoint === undefined ? {} : { checkpointEvery: checkpoint }),
  };
}
