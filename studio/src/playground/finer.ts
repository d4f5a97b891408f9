// Fields between those that are known, so that lines and colors of the plane are smooth: cubic convolution (Keys, 1981).
import type { Pictures } from "../engine/protocol.js";

/** How much each of four neighbors counts for a place between the middle two. */
function shares(along: number): readonly number[] {
  const near = (d: number) => (1.5 * d - 2.5) * d * d + 1;
  const far = (d: number) => ((-0.5 * d + 2.5) * d - 4) * d + 2;
  return [far(1 + along), near(along), near(1 - along), far(2 - along)];
}

/** Where the values of a finer row come from: for each four places of the row that is known, and what they count. */
const tapsOf = (size: number, times: number) =>
  Array.from({ length: size * times }, (_, i) => {
    const at = (i + 0.5) / times - 0.5;
    const first = Math.floor(at);
    const held = (place: number) => Math.max(0, Math.min(size - 1, place));
    return { from: [-1, 0, 1, 2].map((step) => held(first + step)), share: shares(at - first) };
  });

/** Each field as `times` by `times` smaller ones; values are those of the middles of fields. */
export function finer({ width, height, count, values }: Pictures, times: number): Pictures {
  const [across, down] = [tapsOf(width, times), tapsOf(height, times)];
  const [columns, rows] = [across.length, down.length];
  const wide = new Float32Array(columns * height);
  const all = new Float32Array(count * columns * rows);
  for (let picture = 0; picture < count; picture++) {
    for (let row = 0; row < height; row++) {
      const start = (picture * height + row) * width;
      across.forEach(({ from: [a, b, c, d], share: [p, q, r, s] }, column) => {
        wide[row * columns + column] =
          p * values[start + a] + q * values[start + b] + r * values[start + c] + s * values[start + d];
      });
    }
    down.forEach(({ from: [a, b, c, d], share: [p, q, r, s] }, row) => {
      const start = (picture * rows + row) * columns;
      for (let i = 0; i < columns; i++)
        all[start + i] =
          p * wide[a * columns + i] + q * wide[b * columns + i] + r * wide[c * columns + i] + s * wide[d * columns + i];
    });
  }
  return { width: columns, height: rows, count, values: all };
}
