// Thins out long curves before they are sent to a page.

/** Points that a curve keeps at most. */
export const MOST = 1000;

/**
 * Of a list that has become too long, of each of `most` / 4 equal parts of its range the elements with the smallest and
 * the largest of each value, so that no peak is lost, and the last. `valuesOf` gives what curves are drawn of.
 */
export function thinned<T>(
  list: readonly T[],
  placeOf: (element: T) => number,
  valuesOf: (element: T) => readonly (number | undefined)[] = (element) => [placeOf(element)],
  most = MOST,
): readonly T[] {
  if (list.length <= most) return list;
  const [first, last] = [placeOf(list[0]), placeOf(list[list.length - 1])];
  const curves = valuesOf(list[0]).length;
  const parts = Math.max(1, Math.floor(most / (2 * curves + 1)));
  const partOf = (element: T) =>
    Math.min(parts - 1, Math.floor(((placeOf(element) - first) / (last - first || 1)) * parts));
  const kept = new Set<number>([0, list.length - 1]);
  for (let start = 0; start < list.length; ) {
    let end = start;
    while (end < list.length && partOf(list[end]) === partOf(list[start])) end++;
    for (let curve = 0; curve < curves; curve++)
      for (const i of extremes(list, start, end, (e) => valuesOf(e)[curve])) kept.add(i);
    start = end;
  }
  return [...kept].sort((a, b) => a - b).map((i) => list[i]);
}

/** Where between start and end the smallest and the largest value are; none where there is none. */
function extremes<T>(
  list: readonly T[],
  start: number,
  end: number,
  read: (element: T) => number | undefined,
): number[] {
  let [low, high]: (number | undefined)[] = [];
  for (let i = start; i < end; i++) {
    const value = read(list[i]);
    if (value === undefined || Number.isNaN(value)) continue;
    if (low === undefined || value < (read(list[low]) as number)) low = i;
    if (high === undefined || value > (read(list[high]) as number)) high = i;
  }
  return low === undefined || high === undefined ? [] : [low, high];
}
