// Pictures that are painted on a canvas.
import { useLayoutEffect, useRef } from "preact/hooks";
import { colours } from "../app/theme.js";
import { followSight, keepPainted } from "./painting.js";

/** What is painted with, on the page or beside it. */
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Draws on a canvas whose coordinates are those of the page: `width` by `height` pixels of CSS. */
export type Painter = (context: CanvasRenderingContext2D, width: number, height: number) => void;

interface PaintProps {
  /** What is to be seen, in words; nothing where what is around says it. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly paint: Painter;
  /** Whether all of it is painted each time, so that browsers need not look at what is below. */
  readonly opaque?: boolean;
}

/**
 * A picture that is painted: again whenever it is rendered, or a signal changes that was read while it was painted. It is
 * painted a moment later, and while others are, only if it is to be seen.
 */
export function Paint({ label, width, height, paint, opaque = false }: PaintProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = colours.value;
  useLayoutEffect(() => followSight(canvas.current as HTMLCanvasElement), []);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d", { alpha: !opaque });
    if (context === null || context === undefined || look < 0) return undefined;
    const all = (): void => {
      clear(context, width, height);
      context.save();
      paint(context, width, height);
      context.restore();
    };
    return keepPainted(context.canvas, all, opaque);
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

/** A picture beside the page, of as many pixels as the screen has for so many of CSS, to be copied onto canvases. */
export function painted(width: number, height: number, paint: (context: Context) => void): OffscreenCanvas {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (context === null) throw new Error("this browser has no canvas to draw on");
  clear(context, width, height);
  paint(context);
  return context.canvas;
}

/** Copies a picture onto all of a canvas. */
export function copy(context: CanvasRenderingContext2D, picture: OffscreenCanvas): void {
  context.save();
  context.resetTransform();
  context.drawImage(picture, 0, 0, context.canvas.width, context.canvas.height);
  context.restore();
}

/** Empties a canvas and gives it the pixels that the screen has there. Other pixels are a cost: only if they differ. */
function clear(context: Context, width: number, height: number): void {
  const scale = globalThis.devicePixelRatio || 1;
  const { canvas } = context;
  const size = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
}
