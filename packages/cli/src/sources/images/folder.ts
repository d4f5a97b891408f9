// Lists the images of a folder, and finds their classes.
import type { Dirent } from "node:fs";
import { DataError } from "tidu";
import { join, readdir, readlink, relative, stat } from "../node.js";
import { listParts, makeParts, mapParts, type PartName, type Parts, partOf } from "../parts.js";
import { FORMATS, isImageName } from "./header.js";

/** The images of one part, and the class of each. */
export interface ImageFiles {
  readonly paths: readonly string[];
  readonly classes: readonly string[];
}

export interface ImageFolder {
  readonly parts: Parts<ImageFiles>;
  /** Files among the images that are none. */
  readonly others: number;
}

/** A folder of class folders. */
interface ClassFolders {
  /** Files in each class's folder and below. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  readonly others: number;
}

/**
 * Lists a folder of class folders, or of such folders for train, validation and test. Classes and files are in the
 * order of their names' code units.
 *
 * @throws DataError if there are no class folders, or a class has no images.
 */
export async function listImageFolder(root: string): Promise<ImageFolder> {
  const folders = await listFolders(root);
  const names = new Map(folders.map((folder) => [partOf(folder), folder]));
  const divided = names.has("train") && !names.has(undefined) && names.size === folders.length;
  if (!divided) return collect(makeParts(await listClasses(root, folders), undefined, undefined));
  const list = async (name: PartName): Promise<ClassFolders | undefined> => {
    const folder = names.get(name);
    return folder === undefined ? undefined : listClasses(join(root, folder), await listFolders(join(root, folder)));
  };
  return collect(makeParts((await list("train"))!, await list("validation"), await list("test")));
}

/** Not those that systems keep for themselves: hidden ones, and what macOS puts into ZIP archives. */
const isOwn = (name: string): boolean => !name.startsWith(".") && name !== "__MACOSX";
const visible = ({ name }: Dirent): boolean => isOwn(name);
const ascending = (a: string, b: string): number => (a < b ? -1 : 1);

/** Also a link to one. */
async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined || isImageName(entry.name)) return found?.isDirectory() === true;
  throw new DataError(`${path}: this is a link to ${await readlink(path)}, which does not exist; fix or remove it`);
}

async function listFolders(path: string): Promise<string[]> {
  const entries = (await readdir(path, { withFileTypes: true })).filter(visible);
  const folders = await Promise.all(entries.map((entry) => isFolder(entry, join(path, entry.name))));
  const names = entries.filter((_, i) => folders[i]).map(({ name }) => name);
  return names.sort(ascending);
}

/** All image files in a folder and below, but for hidden ones. Pipes and devices are none: to read them could wait for ever. */
export async function listImages(path: string): Promise<{ files: string[]; others: number }> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const paths = entries.filter((e) => e.isFile() || e.isSymbolicLink()).map((e) => join(e.parentPath, e.name));
  const shown = paths.filter((file) => relative(path, file).split(/[\\/]/).every(isOwn));
  const files = shown.filter(isImageName).sort(ascending);
  return { files, others: shown.length - files.length };
}

async function listClasses(path: string, folders: readonly string[]): Promise<ClassFolders> {
  if (folders.length === 0) {
    throw new DataError(`${path}: there are no folders in it; put the images of each class into a folder of its name`);
  }
  const files = new Map<string, readonly string[]>();
  let others = 0;
  for (const folder of folders) {
    const listed = await listImages(join(path, folder));
    if (listed.files.length === 0) {
      throw new DataError(`${join(path, folder)}: there are no files of ${FORMATS} in it; add some or remove it`);
    }
    files.set(folder, listed.files);
    others += listed.others;
  }
  return { files, others };
}

function collect(parts: Parts<ClassFolders>): ImageFolder {
  const others = listParts(parts).reduce((sum, part) => sum + part.others, 0);
  return { others, parts: mapParts(parts, ({ files }) => flatten(files)) };
}

const flatten = (files: ClassFolders["files"]): ImageFiles => ({
  paths: [...files.values()].flat(),
  classes: [...files].flatMap(([name, paths]) => paths.map(() => name)),
});
