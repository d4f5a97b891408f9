import { useLayoutEffect, useRef } from "preact/hooks";
import { colours } from "../app/theme.js";
import { followSight, keepPainted } from "./painting.js";

/** Draws on a canvas whose coordinates are those of the page: `width` by `height` pixels of CSS. */
export type Painter = (context: CanvasRenderingContext2D, width: number, height: number) => void;

interface PaintProps {
  /** What is to be seen, in words; nothing where what is around says it. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly paint: Painter;
}

/**
 * A picture that is painted: again whenever it is rendered, or a signal changes that was read while it was painted. It is
 * painted a moment later, and while others are, only if it is to be seen.
 */
export function Paint({ label, width, height, paint }: PaintProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = colours.value;
  useLayoutEffect(() => followSight(canvas.current as HTMLCanvasElement), []);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context === null || context === undefined || look < 0) return undefined;
    return keepPainted(context.canvas, () => {
      clear(context, width, height);
      context.save();
      paint(context, width, height);
      context.restore();
    });
  });
  return (
    <canvas
      ref={canvas}
      class="paint"
      role={label === "" ? undefined : "img"}
      aria-label={label === "" ? undefined : label}
      aria-hidden={label === "" ? true : undefined}
      width={width}
      height={height}
      style={{ width: `${width}px` }}
    />
  );
}

/** Empties a canvas and gives it the pixels that the screen has there. Other pixels are a cost: only if they differ. */
function clear(context: CanvasRenderingContext2D, width: number, height: number): void {
  const scale = globalThis.devicePixelRatio || 1;
  const { canvas } = context;
  const size = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
}
