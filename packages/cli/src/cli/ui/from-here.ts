// Paths as a person would say them: runs keep absolute ones.
import { isAbsolute, relative } from "node:path";
import { nameOf, STDIN } from "../../sources/tables/bytes.js";

/** A path relative to the working folder, where that is shorter. */
export function fromHere(path: string): string {
  if (path === STDIN) return nameOf(path);
  const near = relative(process.cwd(), path);
  return isAbsolute(path) && !near.startsWith("..") ? near : path;
}
