// Scales between a part of the plane and a drawing.

/** A part of the plane, and where its points are in a drawing. */
export interface Scale {
  readonly width: number;
  readonly height: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** Back from a place in the drawing to a value. */
  readonly valueAt: (x: number) => number;
  readonly xRange: Range;
  readonly yRange: Range;
}
export type Range = readonly [low: number, high: number];

/** Room for the numbers of the axes, for the name of the upper one above it, and right of the rest. */
export const TOP = 24;
export const LEFT = 42;
export const BOTTOM = 30;
export const BORDER = 8;

export function scale(xRange: Range, yRange: Range, width = 480, height = 280): Scale {
  const across = (width - LEFT - BORDER) / (xRange[1] - xRange[0]);
  const up = (height - BOTTOM - TOP) / (yRange[1] - yRange[0]);
  return {
    ...{ width, height, xRange, yRange },
    x: (value) => LEFT + (value - xRange[0]) * across,
    y: (value) => height - BOTTOM - (value - yRange[0]) * up,
    valueAt: (x) => Math.max(xRange[0], Math.min(xRange[1], xRange[0] + (x - LEFT) / across)),
  };
}

/** The path of a curve through points of the plane; what leaves the drawing is cut off by its frame. */
export const curvePath = (to: Scale, xs: ArrayLike<number>, ys: ArrayLike<number>): string =>
  Array.from(xs, (x, i) => `${i === 0 ? "M" : "L"}${to.x(x).toFixed(1)} ${to.y(ys[i]).toFixed(1)}`).join("");
