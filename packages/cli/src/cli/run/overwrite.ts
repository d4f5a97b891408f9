// Keeps commands from writing over what a person would miss: the data that are read, a run's own files, another file whose
// name was given by mistake.
import { type BigIntStats, existsSync, fstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative } from "node:path";
import { ArgumentError } from "tidu";
import { STDIN } from "../../sources/tables/bytes.js";
import { KEPT } from "../models/files.js";
import type { RunConfig } from "./config.js";
import { isRunFolder } from "./folder.js";

/** What a file is written beside. */
export interface Kept {
  /** Files and folders that are read. */
  readonly inputs?: readonly string[];
  /** Endings of files of the form that is written: others that are there are something else. */
  readonly endings?: readonly string[];
}

/** Throws ArgumentError if to write `path` would destroy something else. */
export function checkOverwrite(path: string, { inputs = [], endings }: Kept): void {
  const refuse = (what: string, mend = "give another name"): never => {
    throw new ArgumentError(`--out ${path}: ${what}; ${mend}`);
  };
  if (isOfRun(path)) refuse("this is a file of a run itself");
  const there = identityOf(path);
  if (there === undefined) return;
  const input = inputs.find((each) => isSame(there, identityOf(each)) || holds(each, path));
  if (input !== undefined) {
    const other = input === path || input === STDIN ? "" : `, ${input}`;
    refuse(`this is what is read${other}, and it would be lost`);
  }
  const ending = extname(path).toLowerCase();
  if (endings === undefined || endings.includes(ending)) return;
  const other = `${path.slice(0, path.length - ending.length)}${endings[0]}`;
  refuse(`there is such a file, and its name is not that of a ${endings[0]} file`, `remove it, or give ${other}`);
}

/** The files that a run was made of. */
export function filesOf({ data, model }: Pick<RunConfig, "data" | "model">): string[] {
  const { path, validation, test, options, kind } = data;
  // Beside images other files may stand.
  const paths = kind === "images" ? [] : [path, validation, test];
  return [...paths, options.labels, model.path, model.from?.path, model.start?.path].filter(
    (each) => each !== undefined && each !== STDIN,
  ) as string[];
}

/** Names of the files that training leaves in a run's folder, and a search in its own. */
const OWN =
  /^((config|result|report|tune|lock)\.json|metrics\.jsonl|report\.html|trials\.csv|(model|best|start)\.safetensors|events\.out\..*)$/;

function isOfRun(path: string): boolean {
  const file = realPath(path);
  const folder = dirname(file);
  const parent = dirname(folder);
  if (["checkpoints", KEPT].includes(basename(folder))) return isRunFolder(parent);
  return OWN.test(basename(file)) && isRunFolder(folder);
}

/** Without links; of a file that is not there, its folder's. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
}

/** What a path leads to, whatever way it takes; undefined where there is nothing. */
function identityOf(path: string): BigIntStats | undefined {
  try {
    return path === STDIN ? fstatSync(0, { bigint: true }) : statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

const isSame = (a: BigIntStats, b: BigIntStats | undefined): boolean => a.dev === b?.dev && a.ino === b.ino;

/** Whether a folder has a file. */
function holds(folder: string, path: string): boolean {
  if (folder === STDIN || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return false;
  const inside = relative(realpathSync(folder), realPath(path));
  return inside !== "" && !inside.startsWith("..") && !isAbsolute(inside);
}
