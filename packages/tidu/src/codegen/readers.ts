// Functions that are called with the text of each compiled program: C for processors, WGSL for graphics cards.

/** Each is called with every text that is compiled from now on. */
export const readers = new Set<(text: string) => void>();

/** Calls all of them with a text. */
export function readOut(text: string): void {
  for (const read of readers) read(text);
}
