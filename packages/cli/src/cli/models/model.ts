// Makes the network that `--model` names: a preset, or a file of yours.
import { readFile } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { ArgumentError, DataError, nn } from "tidu";
import { systemReason } from "tidu/internal";
import { fromHere } from "../ui/from-here.js";
import { freezeLayers } from "./freeze.js";
import { readLocalFiles } from "./local-files.js";
import { presets } from "./presets.js";
import { adapt, pretrainedBy } from "./pretrained.js";
import type { ModelRecord } from "./record.js";
import type { MakeModel, ModelRequest } from "./request.js";
import { adapted } from "./start.js";
import { sign } from "./trust.js";

const EXTENSIONS = [".ts", ".mts", ".js", ".mjs", ".cjs"];

/** Whether a name is that of a model, or of a file of one. */
export const isModel = (name: string): boolean => Object.hasOwn(presets, name) || EXTENSIONS.includes(extname(name));

/**
 * The model that `--model` names.
 *
 * @throws ArgumentError if it is neither a preset nor a file of TypeScript or JavaScript that can be read.
 */
export async function findModel(name: string): Promise<ModelRecord> {
  if (Object.hasOwn(presets, name)) return { name };
  if (!EXTENSIONS.includes(extname(name))) throw new ArgumentError(`there is no model "${name}"; use ${choices()}`);
  try {
    const [path, source] = [resolve(name), await readFile(name, "utf8")];
    const files = readLocalFiles(source, path);
    const record = { name: basename(name), path, source, ...(Object.keys(files).length === 0 ? {} : { files }) };
    return sign(record);
  } catch (cause) {
    const problem = systemReason(cause, "there is no such file");
    throw new ArgumentError(`cannot read the model ${name}: ${problem}; use ${choices()}`, { cause });
  }
}

/** The model that `--from` names; `freeze` names layers, `features` a value in it. */
export async function findPretrained(path: string, freeze?: string, features?: string): Promise<ModelRecord> {
  return { name: basename(path), from: await pretrainedBy(path, freeze, features) };
}

/**
 * Throws DataError if a record from a file names an unknown preset, or has an invalid regular expression for layers.
 */
export function checkName({ name, source, from, start }: ModelRecord, file: string): void {
  if (source === undefined && from === undefined && !Object.hasOwn(presets, name)) {
    throw new DataError(
      `${file}: model.name is "${name}"; without a source it must be ${Object.keys(presets).join(", ")}`,
    );
  }
  for (const [part, freeze = ""] of [["from", from?.freeze] as const, ["start", start?.freeze] as const]) {
    try {
      new RegExp(freeze);
    } catch {
      throw new DataError(`${file}: model.${part}.freeze is "${freeze}"; it must be a regular expression`);
    }
  }
}

const choices = (): string => `${Object.keys(presets).join(", ")}, or a file such as ./model.ts or ./model.js`;

/**
 * A record with the user's options for the model.
 *
 * @throws ArgumentError for options that only a file can take.
 */
export function withChoices(
  record: ModelRecord,
  { hidden, options }: Pick<ModelRecord, "hidden" | "options">,
): ModelRecord {
  const { name, source, from, start } = record;
  const given = { hidden, set: options };
  const said = (["hidden", "set"] as const).find((option) => given[option] !== undefined);
  if (start?.made !== undefined && said !== undefined)
    throw new ArgumentError(`--${said}: ${start.path} is a run, whose network has its own layers; leave it out`);
  if (options !== undefined && source === undefined)
    throw new ArgumentError(
      `--set ${Object.keys(options).join(", ")}: ${name} takes no options; they are for a model file, which gets them as "options"`,
    );
  if (hidden !== undefined && from !== undefined)
    throw new ArgumentError(`--hidden: ${name} is a trained network, whose layers are fixed; leave it out`);
  return { ...record, ...(hidden === undefined ? {} : { hidden }), ...(options === undefined ? {} : { options }) };
}

/**
 * Makes the network of a record for some data.
 *
 * @param folder of the run whose record it is; none while it has no folder.
 * @throws ArgumentError if the file does not run, or exports neither a network nor a function that makes one.
 */
export async function makeModel(record: ModelRecord, request: ModelRequest, folder?: string): Promise<nn.Module> {
  const { name, path, source, files, from, start } = record;
  if (start !== undefined) {
    const { outputs, classes } = start.made ?? request;
    const net = adapted(
      await makeModel({ ...record, start: undefined }, { ...request, outputs, classes }, folder),
      start,
      request,
    );
    if (start.fresh !== undefined) freezeLayers(net, start.freeze, fromHere(start.path), start.fresh);
    return net;
  }
  if (from !== undefined) return adapt(from, request, folder);
  if (source === undefined) return presets[name](request);
  // Loaded here, since few models are files and the loader takes a while.
  const { evaluateModule } = await import("./module-file.js");
  const exported = await running(name, () => evaluateModule(source, path ?? resolve(name), files));
  if (exported instanceof nn.Module) checkFinished(name, request);
  if (isClass(exported)) {
    throw new ArgumentError(
      `model ${name}: its default export is a class; export a function that makes a network, such as export default ({ inputShape, classes }) => new ${exported.name === "_default" || exported.name === "" ? "Net" : exported.name}()`,
    );
  }
  const net =
    typeof exported === "function"
      ? await running(name, () => (exported as MakeModel)({ ...request, options: request.options ?? {} }), request)
      : exported;
  if (net instanceof nn.Module) return net;
  throw new ArgumentError(
    `model ${name}: its default export gives ${describe(net)}; export a network, such as nn.sequential(…), or a function of ({ inputShape, classes }) that returns one`,
  );
}

/** A finished network takes no options. */
function checkFinished(name: string, { dropout, hidden, options = {} }: ModelRequest): void {
  const said = { dropout, hidden, set: Object.keys(options).length === 0 ? undefined : Object.keys(options) };
  for (const [option, value] of Object.entries(said)) {
    if (value === undefined) continue;
    const named = option === "set" ? "options" : option;
    throw new ArgumentError(
      `model ${name}: --${option} is ${value}, but the file exports a finished network; export a function of ({ inputShape, classes, ${named} })`,
    );
  }
}

const isClass = (value: unknown): value is new () => unknown =>
  typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));

/** Adds the file's name to errors of the user's own code. */
async function running<T>(
  name: string,
  body: () => T | Promise<T>,
  { options = {} }: Pick<ModelRequest, "options"> = {},
): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    const given = Object.entries(options).map((option) => option.join("="));
    const told = given.length === 0 ? "" : ` (its function was given the options ${given.join(", ")})`;
    throw new ArgumentError(`model ${name}: ${(cause as Error).message}${told}`, { cause });
  }
}

const describe = (value: unknown): string =>
  value === undefined || value === null ? "nothing" : `a value of type ${typeof value}`;
