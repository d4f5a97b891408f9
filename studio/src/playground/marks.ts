// Points as they are drawn everywhere: a form and a color for each class, outlined so that they stay visible.
import { colour } from "../app/theme.js";
import { SERIES } from "../ui/curve.js";
import type { Context } from "../ui/paint.js";
import { divergingAt, type Pixel, parts, rgb } from "../ui/pixels.js";

const HIGH = "#0072cc";
const LOW = "#e67e00";

/** The color of a class among several; of two they are those of negative and positive. */
export const colourOfClass = (label: number, classes: number): string =>
  classes === 2 ? (label === 1 ? HIGH : LOW) : colour(seriesOf(label));

/** That color as it is written in a document, where it follows the theme by itself. */
export const inkOfClass = (label: number, classes: number): string =>
  classes === 2 ? colourOfClass(label, classes) : `var(${seriesOf(label)})`;

const seriesOf = (label: number): (typeof SERIES)[number] => SERIES[label % SERIES.length];
const text = (own: Pixel): string => `rgb(${parts(own).join()})`;

/** The color of a number from -1 to 1. */
export const colourOfNumber = (value: number): string => text(divergingAt(rgb(colour("--paper")), value));

/** A disc for class 1, a square for class 0, for others corners; numbers are discs in the color of the number. */
export function drawPoint(
  context: Context,
  x: number,
  y: number,
  target: number,
  isNumber: boolean,
  size = 4,
  { hollow = false, classes = 2 }: { readonly hollow?: boolean; readonly classes?: number } = {},
): void {
  const own = isNumber ? colourOfNumber(target) : colourOfClass(target, classes);
  context.beginPath();
  outline(context, x, y, isNumber ? 1 : target, size);
  context.fillStyle = hollow ? colour("--paper") : own;
  context.fill();
  if (size < 3) return;
  context.strokeStyle = hollow && !isNumber ? own : colour(isNumber ? "--ink" : "--paper");
  context.lineWidth = hollow ? 2 : 1.4;
  context.stroke();
}

function outline(context: Context, x: number, y: number, label: number, size: number): void {
  const corners = cornersOf(label, size);
  if (corners.length === 0) return context.arc(x, y, size, 0, 2 * Math.PI);
  corners.forEach(([dx, dy], i) => (i === 0 ? context.moveTo(x + dx, y + dy) : context.lineTo(x + dx, y + dy)));
  context.closePath();
}

/** The same form as a path of an SVG. */
export function pathOfPoint(x: number, y: number, label: number, size: number): string {
  const corners = cornersOf(label, size);
  const at = (dx: number, dy: number): string => `${(x + dx).toFixed(2)} ${(y + dy).toFixed(2)}`;
  if (corners.length > 0) return `M${corners.map(([dx, dy]) => at(dx, dy)).join("L")}z`;
  const half = `${size} ${size} 0 0 1`;
  return `M${at(-size, 0)}A${half} ${at(size, 0)}A${half} ${at(-size, 0)}z`;
}

/** The corners of a class's form, from its middle; a disc has none. */
function cornersOf(label: number, size: number): readonly (readonly [dx: number, dy: number])[] {
  if (label === 1) return [];
  const side = 0.88 * size;
  if (label === 0) return SIGNS.map(([x, y]) => [x * side, y * side]);
  return Array.from({ length: 1 + label }, (_, i) => {
    const angle = (2 * Math.PI * i) / (1 + label) - Math.PI / 2;
    return [1.2 * size * Math.cos(angle), 1.2 * size * Math.sin(angle)];
  });
}

const SIGNS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;
