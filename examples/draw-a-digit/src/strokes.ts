// Strokes of a pen, and how they are painted.

/** A place on the paper: 0 to 1 from left to right and from top to bottom. */
export type Point = readonly [x: number, y: number];
/** What was drawn without lifting the pen. */
export type Stroke = readonly Point[];

/** Paints strokes with round ends and corners; a stroke of one point is a dot. */
export function paint(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  strokes: readonly Stroke[],
  width: number,
): void {
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = width;
  context.beginPath();
  for (const [first, ...rest] of strokes) {
    context.moveTo(...first);
    for (const point of rest.length > 0 ? rest : [first]) context.lineTo(...point);
  }
  context.stroke();
}
