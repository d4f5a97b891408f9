import { tensor } from "tidu";
import type { Dataset } from "tidu/data";
import type { Picture } from "../data.js";
import { interleave, type Pixels, toPicture } from "../picture.js";

/** So many numbers from 0 below `count`, evenly spaced; all if there are fewer. */
export function evenly(count: number, wanted: number): number[] {
  const length = Math.min(count, wanted);
  return Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}

/** Which of the values numbered `among` are the largest, the largest first; of equal ones the first. */
export function largest(values: ArrayLike<number>, among: Iterable<number>, most: number): number[] {
  const top: number[] = [];
  for (const i of among) {
    if (top.length === most && !(values[i] > values[top[most - 1]])) continue;
    const place = top.findIndex((j) => values[i] > values[j]);
    top.splice(place < 0 ? top.length : place, 0, i);
    top.length = Math.min(top.length, most);
  }
  return top;
}

/** Pictures of samples as they are stored; none where samples are not images of one or three channels. */
export async function picturesOf(data: Dataset, samples: readonly number[]): Promise<readonly (Picture | undefined)[]> {
  const [channels, height, width] = data.inputShape;
  if (data.inputShape.length !== 3 || (channels !== 1 && channels !== 3) || samples.length === 0) return [];
  const values = await data.inputs.gather(tensor(Int32Array.from(samples))).data();
  const size = channels * height * width;
  return samples.map((_, i) => {
    const own = values.subarray(i * size, (i + 1) * size);
    const bytes = own instanceof Uint8Array ? own : stretched(own);
    const pixels: Pixels = { width, height, channels, data: interleave(bytes, channels) };
    return toPicture(pixels);
  });
}

/** Numbers of any range as bytes: the smallest black, the largest white. */
function stretched(values: ArrayLike<number>): Uint8Array {
  const all = Float64Array.from(values);
  const [low, high] = all.reduce(([l, h], v) => [Math.min(l, v), Math.max(h, v)], [Infinity, -Infinity]);
  return Uint8Array.from(all, (v) => Math.round((255 * (v - low)) / (high - low || 1)));
}
