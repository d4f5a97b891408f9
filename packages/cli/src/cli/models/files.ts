// The files that a network or weights are in: the one that a person names, and those beside it that it names.
import { createHash } from "node:crypto";
import { constants, createReadStream, existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ArgumentError } from "tidu";
import { makeFolder, readFile, shardNames } from "tidu/internal";
import { fromHere } from "../ui/from-here.js";
import { holdsWeights } from "./foreign.js";

/**
 * The paths of the files, the named one first.
 *
 * @throws FormatError if the file is damaged.
 */
export async function filesOf(path: string): Promise<string[]> {
  const name = fromHere(path);
  const beside = (names: readonly string[]): string[] => [path, ...names.map((other) => join(dirname(path), other))];
  if (await holdsWeights(path)) return path.endsWith(".json") ? beside(shardNames(await readFile(path), name)) : [path];
  const { weightFiles } = await import("@tidu/onnx");
  return beside(weightFiles(await readFile(path), name));
}

/** SHA-256, in hex, of the files one after the other, as `cat FILES | sha256sum` gives it. */
export async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await filesOf(path)) for await (const piece of createReadStream(file)) hash.update(piece);
  return hash.digest("hex");
}

/** The folder in a run's own where it keeps the files of a network that others have trained. */
export const KEPT = "network";

/** The copy of a network's file that a run's folder has; the file itself where there is none. */
export function keptIn(folder: string, path: string): string {
  const copy = join(resolve(folder), KEPT, basename(path));
  return existsSync(copy) ? copy : path;
}

/**
 * Copies the files of a network to a run's folder.
 *
 * @param sha256 what they had to be.
 * @throws ArgumentError if they have changed.
 */
export async function keep(path: string, folder: string, sha256: string | undefined): Promise<void> {
  const from = dirname(path);
  for (const file of await filesOf(path)) {
    const copy = join(folder, KEPT, file.slice(from.length));
    await makeFolder(dirname(copy));
    // Where the file system can, without a second copy on the disk.
    await copyFile(file, copy, constants.COPYFILE_FICLONE);
  }
  if (sha256 !== undefined && (await digestOf(join(folder, KEPT, basename(path)))) !== sha256)
    throw new ArgumentError(`--from ${fromHere(path)}: it has changed since it was first read; start a new run`);
}
