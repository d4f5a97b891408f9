// Fields between those that are known, so that lines and colors of the plane are smooth: cubic convolution (Keys, 1981).
import type { Pictures } from "../engine/protocol.js";

/** Fields of the plane for each that the worker tells, along each axis: lines between them are seen as curves. */
export const FINER = 2;

/** How much each of four neighbors counts for a place between the middle two. */
function shares(along: number): readonly number[] {
  const near = (d: number) => (1.5 * d - 2.5) * d * d + 1;
  const far = (d: number) => ((-0.5 * d + 2.5) * d - 4) * d + 2;
  return [far(1 + along), near(along), near(1 - along), far(2 - along)];
}

/** Where the values of a finer row come from: for each the four places of the row that is known, and what they count. */
function tapsOf(size: number, times: number) {
  const from = new Int32Array(4 * size * times);
  const share = new Float32Array(from.length);
  for (let i = 0; i < size * times; i++) {
    const at = (i + 0.5) / times - 0.5;
    const first = Math.floor(at);
    for (let tap = 0; tap < 4; tap++) from[4 * i + tap] = Math.max(0, Math.min(size - 1, first + tap - 1));
    share.set(shares(at - first), 4 * i);
  }
  return { from, share };
}

/** Each field as `times` by `times` smaller ones; values are those of the middles of fields. */
export function finer({ width, height, count, values }: Pictures, times: number): Pictures {
  const [across, down] = [tapsOf(width, times), tapsOf(height, times)];
  const [columns, rows] = [width * times, height * times];
  const wide = new Float32Array(count * height * columns);
  resample(values, wide, across, { lines: count * height, fields: width, each: 1 });
  const all = new Float32Array(count * rows * columns);
  resample(wide, all, down, { lines: count, fields: height, each: columns });
  return { width: columns, height: rows, count, values: all };
}

/** Makes each of so many lines finer, whose fields are `each` numbers. */
function resample(
  given: Float32Array,
  made: Float32Array,
  { from, share }: ReturnType<typeof tapsOf>,
  { lines, fields, each }: { readonly lines: number; readonly fields: number; readonly each: number },
): void {
  for (let line = 0, out = 0; line < lines; line++) {
    const start = line * fields * each;
    for (let tap = 0; tap < from.length; tap += 4) {
      const [a, b] = [start + from[tap] * each, start + from[tap + 1] * each];
      const [c, d] = [start + from[tap + 2] * each, start + from[tap + 3] * each];
      const [p, q, r, s] = [share[tap], share[tap + 1], share[tap + 2], share[tap + 3]];
      for (let i = 0; i < each; i++)
        made[out++] = p * given[a + i] + q * given[b + i] + r * given[c + i] + s * given[d + i];
    }
  }
}
