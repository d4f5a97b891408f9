// Lines along which values on a grid are the same: marching squares.

export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

/** The line of a level, in units of the grid: the first value lies at 0, 0. */
export function contour(values: ArrayLike<number>, width: number, height: number, level: number): Segment[] {
  const segments: Segment[] = [];
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const at = y * width + x;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + width + 1], values[at + width]];
      // Most cells have all of it on one side.
      if (a > level === b > level && c > level === d > level && a > level === c > level) continue;
      const points: (readonly [number, number])[] = [];
      if (a > level !== b > level) points.push([x + (level - a) / (b - a), y]);
      if (b > level !== c > level) points.push([x + 1, y + (level - b) / (c - b)]);
      if (c > level !== d > level) points.push([x + (level - d) / (c - d), y + 1]);
      if (d > level !== a > level) points.push([x, y + (level - a) / (d - a)]);
      for (let i = 0; i + 1 < points.length; i += 2)
        segments.push([...points[i], ...points[i + 1]] as unknown as Segment);
    }
  }
  return segments;
}
