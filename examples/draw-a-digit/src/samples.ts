// Sample digits, as strokes of a pen.
import type { Stroke } from "./strokes.js";

/** An arc of an ellipse, angles in turns, clockwise from the right. */
const arc = (x: number, y: number, rx: number, ry: number, from: number, to: number): Stroke =>
  Array.from({ length: 25 }, (_, i) => {
    const angle = 2 * Math.PI * (from + ((to - from) * i) / 24);
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });

/** One of each digit, for those who cannot or do not want to draw. */
export const SAMPLES: readonly (readonly Stroke[])[] = [
  [arc(0.5, 0.5, 0.2, 0.3, 0.75, 1.75)],
  [
    [
      [0.42, 0.3],
      [0.52, 0.2],
      [0.5, 0.8],
    ],
  ],
  [[...arc(0.5, 0.36, 0.18, 0.16, 0.5, 1.1), [0.32, 0.8], [0.7, 0.8]]],
  [[...arc(0.48, 0.35, 0.16, 0.15, 0.55, 1.25), ...arc(0.48, 0.65, 0.19, 0.16, 0.75, 1.45)]],
  [
    [
      [0.55, 0.2],
      [0.3, 0.58],
      [0.72, 0.58],
    ],
    [
      [0.6, 0.38],
      [0.57, 0.82],
    ],
  ],
  [[[0.68, 0.22], [0.4, 0.22], [0.37, 0.46], ...arc(0.48, 0.62, 0.19, 0.18, 0.7, 1.42)]],
  [[[0.6, 0.18], [0.42, 0.4], ...arc(0.5, 0.64, 0.17, 0.17, 0.5, 1.5)]],
  [
    [
      [0.32, 0.24],
      [0.68, 0.24],
      [0.46, 0.8],
    ],
  ],
  [[...arc(0.5, 0.35, 0.14, 0.14, 0.25, -0.75), ...arc(0.5, 0.65, 0.17, 0.16, 0.75, 1.75)]],
  [[...arc(0.5, 0.36, 0.16, 0.15, 1, 0), [0.65, 0.5], [0.6, 0.82]]],
];
