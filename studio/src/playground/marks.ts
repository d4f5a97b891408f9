// Points as they are drawn everywhere: a form and a color for each class, outlined so that they stay visible.
import { colour } from "../app/theme.js";
import { SERIES } from "../ui/curve.js";
import { diverging, type Rgb, rgb } from "../ui/pixels.js";

const HIGH = "#0072cc";
const LOW = "#e67e00";

/** The color of a class among several; of two they are those of negative and positive. */
export const colourOfClass = (label: number, classes: number): string =>
  classes === 2 ? (label === 1 ? HIGH : LOW) : colour(SERIES[label % SERIES.length]);

const text = ([red, green, blue]: Rgb): string => `rgb(${red}, ${green}, ${blue})`;

/** A disc for class 1, a square for class 0, for others corners; numbers are discs in the color of the number. */
export function drawPoint(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  target: number,
  isNumber: boolean,
  size = 4,
  { hollow = false, classes = 2 }: { readonly hollow?: boolean; readonly classes?: number } = {},
): void {
  const own = isNumber ? text(diverging(rgb(colour("--paper")))(target)) : colourOfClass(target, classes);
  context.beginPath();
  outline(context, x, y, isNumber ? 1 : target, size);
  context.fillStyle = hollow ? colour("--paper") : own;
  context.fill();
  if (size < 3) return;
  context.strokeStyle = hollow && !isNumber ? own : colour(isNumber ? "--ink" : "--paper");
  context.lineWidth = hollow ? 2 : 1.4;
  context.stroke();
}

function outline(context: CanvasRenderingContext2D, x: number, y: number, label: number, size: number): void {
  if (label === 1) return context.arc(x, y, size, 0, 2 * Math.PI);
  if (label === 0) return context.rect(x - 0.88 * size, y - 0.88 * size, 1.76 * size, 1.76 * size);
  const corners = 1 + label;
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * i) / corners - Math.PI / 2;
    const at = [x + 1.2 * size * Math.cos(angle), y + 1.2 * size * Math.sin(angle)] as const;
    if (i === 0) context.moveTo(...at);
    else context.lineTo(...at);
  }
  context.closePath();
}
