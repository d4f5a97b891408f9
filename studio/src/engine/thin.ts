/** Points that a curve keeps at most. */
export const MOST = 1000;

/** Of a list that has become too long, the last element of each of `most` / 2 equal parts of its range. */
export function thinned<T>(list: readonly T[], placeOf: (element: T) => number, most = MOST): readonly T[] {
  if (list.length <= most) return list;
  const [first, last] = [placeOf(list[0]), placeOf(list[list.length - 1])];
  const part = (element: T) => Math.floor(((placeOf(element) - first) / (last - first)) * (most / 2));
  return list.filter((element, i) => i === list.length - 1 || part(element) !== part(list[i + 1]));
}
