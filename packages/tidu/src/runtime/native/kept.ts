// What is kept of a compiled program for later processes: its library, and a note with what a device needs beside it.
// With both, a program is neither planned nor printed again.
import type { Target } from "../../compile/target.js";
import type { Registers } from "../../plan/registers.js";
import type { LibraryCache } from "./cache.js";

/**
 * All that decides a program's C beside the code of this package. The number of threads does not: the text is the same for
 * all.
 *
 * @param graph the program's key (`signature` in compile/simplify.ts): ops, shapes, element types, constants, and which
 *   storages it reads and writes.
 */
export const identityOf = (graph: string, target: Target, registers: Registers): string =>
  JSON.stringify([graph, target, registers]);

/** What a device needs beside a program's library. */
export interface Note {
  /** Whether threads divide the work. */
  readonly shared: boolean;
  readonly arenaBytes: number;
  readonly runs?: number | undefined;
  readonly order: readonly number[];
  readonly read: readonly boolean[];
}

/** A note with the key that it was written under, and the library that it is of. */
interface Written extends Note {
  readonly key: string;
  readonly library: string;
  /** The digest of the library's bytes. */
  readonly sum: string;
}

/** The note under this key and its library, if both are whole. */
export function recall<Step>(
  cache: LibraryCache,
  key: string,
  load: (path: string) => Step,
): { readonly note: Note; readonly library: string; readonly step: Step } | undefined {
  const text = cache.readNote(key);
  if (text === undefined) return undefined;
  const { key: its, library, sum, ...note }: Written = JSON.parse(text);
  const step = its === key ? cache.known(library, load, sum) : undefined;
  return step && { note, library, step };
}

/** Writes the note of a program whose library has this key. If it cannot be written, the next process compiles anew. */
export function keep(cache: LibraryCache, key: string, library: string, note: Note): void {
  try {
    const sum = cache.sumOf(library);
    if (sum === undefined) return;
    const written: Written = { ...note, key, library, sum };
    cache.writeNote(key, JSON.stringify(written));
  } catch {}
}
