// Files of runs as they may be: large, damaged, no files at all.
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Opens a file to read it; undefined if there is none, or it is no file (of a pipe, somebody might write or never). */
export async function openFile(path: string): Promise<FileHandle | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (file === undefined) return undefined;
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return undefined;
}

/** What a JSON file of at most so many bytes says; undefined while it is not there or not whole. */
export async function jsonOf(path: string, most: number): Promise<unknown> {
  const file = await openFile(path);
  if (file === undefined) return undefined;
  try {
    if ((await file.stat()).size > most) return undefined;
    return JSON.parse(await file.readFile("utf8"));
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}
