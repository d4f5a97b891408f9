// Finds the arrays that belong together: in an NPZ file, in a folder, or beside a file.

import { DataError } from "tidu";
import { decodeIdx } from "tidu/data";
import { gunzip, isGzip, readFile } from "tidu/internal";
import type { Fingerprint } from "../fingerprint.js";
import { basename, dirname, join, readdir } from "../node.js";
import { makeParts, type PartName, type Parts } from "../parts.js";
import { type ArrayRole, isArrayName, isNpyName, roleOf } from "./names.js";
import { readNpy } from "./npy.js";
import type { StoredArray } from "./stored-array.js";
import { readZip } from "./zip.js";

/** Inputs and targets of the same samples. */
export interface ArrayPair {
  readonly inputs: StoredArray;
  readonly targets: StoredArray;
}

/** An array that can be read. */
interface Item {
  readonly name: string;
  read(): Promise<StoredArray>;
}

/** Reads the arrays of an NPZ file, of a folder, or of a file and the one with its labels. */
export async function readArrays(
  path: string,
  isFolder: boolean,
  labels: string | undefined,
  fingerprint: Fingerprint,
): Promise<Parts<ArrayPair>> {
  if (labels !== undefined) {
    const [inputs, targets] = [await readArray(path, fingerprint), await readArray(labels, fingerprint)];
    return { train: { inputs, targets } };
  }
  if (/\.npz$/i.test(path)) return pair(await archiveItems(path, fingerprint), path);
  const items = await folderItems(isFolder ? path : dirname(path), fingerprint);
  return pair(isFolder ? items : companions(items, path), path);
}

/** Reads an NPY or IDX file, the latter also compressed with gzip. */
export async function readArray(path: string, fingerprint?: Fingerprint): Promise<StoredArray> {
  const bytes = await readFile(path);
  fingerprint?.add(basename(path), bytes);
  if (isNpyName(path)) return readNpy(bytes, path);
  const { shape, data, dtype } = decodeIdx(isGzip(bytes) ? await unpack(bytes, path) : bytes, path);
  return { file: path, shape, values: data, whole: dtype !== "f32" && dtype !== "f64" };
}

/** The size that gzip notes at the end is what it may take, and no more. */
function unpack(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  const size =
    bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  return gunzip(bytes, Math.max(1, size), path);
}

async function folderItems(folder: string, fingerprint: Fingerprint): Promise<Item[]> {
  const names = (await readdir(folder)).filter(isArrayName).sort();
  return names
    .filter((name) => !names.includes(name.replace(/\.gz$/, "")) || !name.endsWith(".gz"))
    .map((name) => ({ name, read: () => readArray(join(folder, name), fingerprint) }));
}

async function archiveItems(path: string, fingerprint: Fingerprint): Promise<Item[]> {
  const bytes = await readFile(path);
  fingerprint.add(basename(path), bytes);
  return readZip(bytes, path)
    .filter(({ name }) => isNpyName(name))
    .map(({ name, read }) => ({ name, read: async () => readNpy(read(), `${path}/${name}`) }));
}

/** A file and those of the same part beside it. */
function companions(items: readonly Item[], path: string): Item[] {
  const own = roleOf(path);
  if (own === undefined) {
    throw new DataError(`${path}: its name does not say what it holds; name the file with the targets in labels`);
  }
  return items.filter(({ name }) => name === basename(path) || isRole(roleOf(name), own.part, otherRole(own)));
}

const otherRole = ({ role }: ArrayRole): ArrayRole["role"] => (role === "inputs" ? "targets" : "inputs");
const isRole = (found: ArrayRole | undefined, part: PartName, role: ArrayRole["role"]): boolean =>
  found?.part === part && found.role === role;

async function pair(items: readonly Item[], path: string): Promise<Parts<ArrayPair>> {
  const find = (part: PartName, role: ArrayRole["role"]): Item | undefined => {
    const [first, second] = items.filter(({ name }) => isRole(roleOf(name), part, role));
    if (second === undefined) return first;
    throw new DataError(
      `${path}: both ${first.name} and ${second.name} could be the ${role} for ${part}; leave one out, or open one file and name the other in labels`,
    );
  };
  const read = async (part: PartName): Promise<ArrayPair | undefined> => {
    const [inputs, targets] = [find(part, "inputs"), find(part, "targets")];
    if (inputs !== undefined && targets !== undefined) {
      return { inputs: await inputs.read(), targets: await targets.read() };
    }
    if (inputs === undefined && targets === undefined) return undefined;
    const [there, missing] = inputs === undefined ? [targets, "inputs"] : [inputs, "targets"];
    throw new DataError(
      `${path}: there are no ${missing} that belong to ${there!.name}; name the arrays x and y, or x_train, y_train, x_test and y_test`,
    );
  };
  const [train, validation, test] = [await read("train"), await read("validation"), await read("test")];
  // A part that stands alone is what the data is.
  if (train !== undefined) return makeParts(train, validation, test);
  const alone = validation ?? test;
  if (alone === undefined || (validation !== undefined && test !== undefined)) {
    const names = items.map(({ name }) => name).join(", ") || "none";
    throw new DataError(
      `${path}: no arrays to train on among ${names}; name them x and y, or x_train, y_train, x_test and y_test`,
    );
  }
  return { train: alone };
}
