// Those who want to read programs as they are written for a machine: C for processors, WGSL for graphics cards.

/** Each is given every text that is compiled from now on. */
export const readers = new Set<(text: string) => void>();

/** Has them read a text. */
export function readOut(text: string): void {
  for (const read of readers) read(text);
}
