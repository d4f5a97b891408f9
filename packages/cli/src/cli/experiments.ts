// Finds experiments: those of the package by name, others by path.
import { existsSync, readdirSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ArgumentError } from "tidu";
import * as augment from "tidu/augment";
import * as debug from "tidu/debug";
import * as insight from "tidu/insight";
import * as experiment from "../experiment/index.js";
import { loaderAt } from "./models/module-file.js";

/** The package's own: TypeScript that the package ships as it is, since it imports what any user's would. */
const FOLDER = fileURLToPath(new URL("../../dist/experiments/", import.meta.url));

/** What experiments may import of the package beside `tidu` and `tidu/data`. */
const MODULES = {
  "tidu/augment": augment,
  "tidu/debug": debug,
  "@tidu/cli/experiment": experiment,
  "tidu/insight": insight,
};

/** Names of the package's own experiments. */
export const experimentNames = (): string[] =>
  readdirSync(FOLDER)
    .filter((file) => /^[a-z-]+\.ts$/.test(file))
    .map((file) => basename(file, ".ts"));

/**
 * Loads an experiment: one of the package's own by its name, or a file of TypeScript or JavaScript by its path.
 *
 * @throws ArgumentError if there is none, or the file exports none by default.
 */
export async function loadExperiment(name: string): Promise<experiment.Experiment> {
  const path = extname(name) === "" ? `${FOLDER}${name}.ts` : resolve(name);
  if (!existsSync(path)) {
    throw new ArgumentError(`there is no experiment "${name}"; use ${experimentNames().join(", ")}, or a file`);
  }
  const jiti = loaderAt(path, { modules: MODULES });
  const exported = await jiti.import<Partial<experiment.Experiment> | undefined>(path, { default: true });
  if (typeof exported?.trial === "function") return exported as experiment.Experiment;
  throw new ArgumentError(`experiment ${name}: its default export has no trial; export what experiment({ … }) returns`);
}
