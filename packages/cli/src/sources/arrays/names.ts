// Infers what arrays hold from their usual names: x_train, train-images-idx3-ubyte, labels, ...
import { basename } from "../node.js";
import { type PartName, partWords } from "../parts.js";

export type Role = "inputs" | "targets";

export interface ArrayRole {
  readonly part: PartName;
  readonly role: Role;
}

/** Words for each role; NumPy calls arrays without names arr_0 and arr_1. */
const WORDS: Readonly<Record<Role, readonly string[]>> = {
  inputs: ["x", "images", "image", "data", "inputs", "features", "arr0"],
  targets: ["y", "labels", "label", "targets", "target", "classes", "arr1"],
};

/** Whether a file is taken for an array. */
export const isArrayName = (name: string): boolean => /(\.npy|[.-]idx\d?(-ubyte)?(\.gz)?)$/i.test(name);

export const isNpyName = (name: string): boolean => /\.npy$/i.test(name);

/** The words of a name, without what only says how the array is stored. */
const wordsOf = (name: string): string[] =>
  basename(name)
    .toLowerCase()
    .replace(/(\.npy|[.-]idx\d?(-ubyte)?(\.gz)?)$/, "")
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

/** What an array of this name holds; undefined if the name does not say. Without a part's name it is for training. */
export function roleOf(name: string): ArrayRole | undefined {
  const words = wordsOf(name);
  // What stands before the last two words is the name of the data, as in emnist-letters-train-images.
  const ends = [words.slice(-2).join(""), words.at(-1) ?? ""];
  for (const role of ["inputs", "targets"] as const) {
    if (words.length <= 2 && WORDS[role].includes(ends[0])) return { part: "train", role };
    const found = partWords().find(([, part]) =>
      WORDS[role].some((word) => ends.includes(part + word) || ends.includes(word + part)),
    );
    if (found !== undefined) return { part: found[0], role };
  }
  return undefined;
}
