// Resamples images at other places.
import { apply, elementwise, gather, index } from "../graph/ops/index.js";
import { arange, stretch, Tensor } from "../tensor/tensor.js";
import { type Frame, type PerSample, plus, times } from "./frame.js";

/** How pixels beyond an image's border are filled: with zeros, or with the nearest pixel of the image. */
export type Border = "zeros" | "nearest";

/** A row or column that a pixel is interpolated from, and its share. */
interface Tap {
  /** Whole numbers, f32 [n or 1, 1, height or 1, width or 1]. */
  readonly at: Tensor;
  readonly weight: PerSample;
}

/**
 * Images resampled through a frame: each pixel is interpolated from the four around it (bilinear), or copied where
 * pixels map exactly to pixels.
 *
 * @param images u8 or f32 [n, channels, height, width].
 * @returns f32 [n, channels, frame.height, frame.width].
 */
export function sample(images: Tensor, { map, height, width, whole }: Frame, border: Border): Tensor {
  const [a, b, c, d, e, f] = map.map((m) => (m instanceof Tensor ? m.reshape([m.size, 1, 1, 1]) : m));
  const u = arange(width).reshape([1, 1, 1, width]);
  const v = arange(height).reshape([1, 1, height, 1]);
  const [, , sourceHeight, sourceWidth] = images.shape;
  const columns = taps(plus(plus(times(a, u), times(b, v)), c), sourceWidth, whole, border);
  const rows = taps(plus(plus(times(d, u), times(e, v)), f), sourceHeight, whole, border);
  const read = reader(images, height, width);
  const mixed = rows.map((row) =>
    times(sum(columns.map((col) => times(read(row.at, col.at), col.weight))), row.weight),
  );
  return sum(mixed) as Tensor;
}

const sum = (terms: readonly PerSample[]): PerSample => terms.reduce(plus);

/** The pixels along one axis, `size` long, that lie around a place. */
function taps(place: PerSample, size: number, whole: boolean, border: Border): Tap[] {
  const at = place instanceof Tensor ? place : arange(1).reshape([1, 1, 1, 1]).add(place);
  const limited = (at: Tensor, weight: PerSample): Tap => {
    if (border === "nearest") return { at: at.maximum(0).minimum(size - 1), weight };
    const middle = (size - 1) / 2;
    return { at, weight: times(at.sub(middle).abs().le(middle).toFloat(), weight) };
  };
  if (whole) return [limited(at, 1)];
  const before = at.floor();
  const share = at.sub(before);
  return [limited(before, share.neg().add(1)), limited(before.add(1), share)];
}

/** Reads the pixels at rows and columns of each image; where a pixel does not exist, any finite value. */
function reader(images: Tensor, height: number, width: number): (row: Tensor, column: Tensor) => Tensor {
  const [n, channels, , sourceWidth] = images.shape;
  const shape = [n, channels, height, width];
  const memory = images.reshape([images.size]);
  // As i32, because f32 cannot count all pixels of a large batch. It can count those of one image of up to 2^24 pixels.
  const first = new Tensor(index(images.shape)).slice(2, 0, 1).slice(3, 0, 1);
  return (row, column) => {
    const within = row.mul(sourceWidth).add(column).toInt();
    const [from, on] = [first, within].map((t) => stretch(t.node, shape));
    return new Tensor(gather(memory.node, apply(elementwise.intAdd, from, on))).toFloat();
  };
}
