// Paints the network's lines and units.
import { colour } from "../../app/theme.js";
import type { Pictures } from "../../engine/protocol.js";
import { diverging, fillTiles, type Place, rgb, shade } from "../../ui/pixels.js";
import { boxOf, type Column, type Line } from "./geometry.js";

export const largestOf = (values: Float32Array): number => {
  let most = 1e-9;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
};

/** The widest line in pixels, and as a share of a unit's side: where units are small, there are many lines. */
const [WIDEST, SHARE] = [3.2, 0.08];

/**
 * Lines one by one and without dashes, which is how browsers draw them fastest. The widest of a layer is its largest
 * weight; lines of layers without weights are thin.
 */
export function drawLines(
  context: CanvasRenderingContext2D,
  columns: readonly Column[],
  layers: readonly (readonly Line[])[],
  chosen: Line | undefined,
): void {
  const [low, high, plain] = [colour("--low"), colour("--high"), colour("--hair")];
  for (const [i, lines] of layers.entries()) {
    const widest = Math.min(WIDEST, SHARE * Math.min(columns[i].side, columns[i + 1].side));
    const largest = lines.reduce((most, { value }) => Math.max(most, Math.abs(value) || 0), 1e-9);
    for (const { value, points } of lines) {
      const share = Number.isNaN(value) ? 0 : Math.abs(value) / largest;
      context.strokeStyle = Number.isNaN(value) ? plain : value < 0 ? low : high;
      context.globalAlpha = Number.isNaN(value) ? 1 : 0.2 + 0.7 * share;
      context.lineWidth = Number.isNaN(value) ? 1 : 0.4 + widest * share;
      stroke(context, points);
    }
  }
  context.globalAlpha = 1;
  if (chosen === undefined) return;
  context.strokeStyle = colour("--accent");
  context.lineWidth = 4;
  stroke(context, chosen.points);
}

/** Lines leave and arrive level, so that they can be told apart where they meet. */
function stroke(context: CanvasRenderingContext2D, [x1, y1, x2, y2]: Line["points"]): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** The units of a column. */
export function drawUnits(context: CanvasRenderingContext2D, column: Column, pictures: Pictures): void {
  const { width, height, values } = pictures;
  const colours = diverging(rgb(colour("--paper")));
  const times = 1 / largestOf(values);
  const places = Array.from({ length: column.shown }, (_, unit): Place => {
    const { left, top, side } = boxOf(column, unit);
    return [left, top, side, side];
  });
  fillTiles(context, places, width, height, (pixels) => shade(pixels, values, colours, times), width > 2);
  context.strokeStyle = colour("--line");
  context.lineWidth = 1;
  for (const [x, y, w, h] of places)
    context.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(w) - 1, Math.round(h) - 1);
}
