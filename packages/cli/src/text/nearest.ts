// Which known name a person may have meant by one that is misspelled.

/** The nearest of the names, if no more than a third of the text is other (Levenshtein, 1966); undefined if none is near. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  const ranked = names.map((name) => [edits(text, name), name] as const).sort(([a], [b]) => a - b);
  const [[count, name] = [Infinity, ""]] = ranked;
  return count <= Math.max(1, Math.floor(text.length / 3)) ? name : undefined;
}

/** Letters that must be put in, left out or changed to make one text of another. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries())
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (letter === other ? 0 : 1)));
    row = next;
  }
  return row[to.length];
}
