import { useLayoutEffect, useRef } from "preact/hooks";
import { colours } from "../app/theme.js";

/** Draws on a canvas whose coordinates are those of the page: `width` by `height` pixels of CSS. */
export type Painter = (context: CanvasRenderingContext2D, width: number, height: number) => void;

interface PaintProps {
  /** What is to be seen, in words. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly paint: Painter;
}

/** A picture that is painted: again whenever it is rendered, so a component that uses signals needs nothing else. */
export function Paint({ label, width, height, paint }: PaintProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = colours.value;
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context === null || context === undefined || look < 0) return;
    const scale = globalThis.devicePixelRatio || 1;
    context.canvas.width = Math.round(width * scale);
    context.canvas.height = Math.round(height * scale);
    context.scale(scale, scale);
    paint(context, width, height);
  });
  return <canvas ref={canvas} class="paint" role="img" aria-label={label} width={width} height={height} />;
}
