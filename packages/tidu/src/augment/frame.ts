// Frames: affine maps that say where each pixel of a changed image is in the original.
import { Tensor } from "../tensor/tensor.js";

/** One number for all samples, or one for each, [n]. */
export type PerSample = Tensor | number;

/**
 * Where each pixel of a result is in its source: column `u`, row `v` of the result shows the source at column
 * `a·u + b·v + c`, row `d·u + e·v + f`.
 */
export interface Frame {
  readonly map: readonly [a: PerSample, b: PerSample, c: PerSample, d: PerSample, e: PerSample, f: PerSample];
  /** Size of the result. */
  readonly height: number;
  readonly width: number;
  /** Whether pixels map exactly to pixels, so that nothing is interpolated. */
  readonly whole: boolean;
}

/** The frame that combines `first`, and then `second`. */
export function composeFrames(first: Frame, second: Frame): Frame {
  const [a, b, c, d, e, f] = first.map;
  const [p, q, r, s, t, u] = second.map;
  const dot = (x: PerSample, y: PerSample, z: PerSample, w: PerSample) => plus(times(x, z), times(y, w));
  return {
    ...second,
    map: [
      dot(a, b, p, s),
      dot(a, b, q, t),
      plus(dot(a, b, r, u), c),
      dot(d, e, p, s),
      dot(d, e, q, t),
      plus(dot(d, e, r, u), f),
    ],
    whole: first.whole && second.whole,
  };
}

/** The frame of images rotated or stretched about their center by the matrix [[a, b], [d, e]]. */
export function aboutMiddle(
  height: number,
  width: number,
  [a, b, d, e]: readonly [PerSample, PerSample, PerSample, PerSample],
): Pick<Frame, "map" | "height" | "width"> {
  const [u, v] = [(width - 1) / 2, (height - 1) / 2];
  const rest = (middle: number, p: PerSample, q: PerSample) => plus(middle, times(-1, plus(times(p, u), times(q, v))));
  return { map: [a, b, rest(u, a, b), d, e, rest(v, d, e)], height, width };
}

/** p · q; products of plain numbers are computed at once. */
export function times(p: PerSample, q: PerSample): PerSample {
  if (!(p instanceof Tensor)) return q instanceof Tensor ? scaled(q, p) : p * q;
  return q instanceof Tensor ? p.mul(q) : scaled(p, q);
}

const scaled = (p: Tensor, factor: number): PerSample => (factor === 0 ? 0 : factor === 1 ? p : p.mul(factor));

/** p + q. */
export function plus(p: PerSample, q: PerSample): PerSample {
  if (!(p instanceof Tensor)) return q instanceof Tensor ? moved(q, p) : p + q;
  return q instanceof Tensor ? p.add(q) : moved(p, q);
}

const moved = (p: Tensor, distance: number): PerSample => (distance === 0 ? p : p.add(distance));
