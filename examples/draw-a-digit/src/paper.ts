// The paper: a canvas that is drawn on with a mouse, a pen or a finger.
import { type Point, paint, type Stroke } from "./strokes.js";

/** Width of the pen as a share of the paper's. */
const PEN = 0.07;

/** The canvas that is drawn on, and the strokes on it. */
export class Paper {
  #strokes: Stroke[] = [];
  #pen: number | undefined;
  /** Whether the strokes were shown, not drawn. */
  #shown = false;

  /** @param drawn called after each stroke, and when the strokes are replaced. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly drawn: (strokes: readonly Stroke[]) => void,
  ) {
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(end, (event) => this.#up(event));
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#repaint());
  }

  /** Replaces what is on the paper, until somebody draws. */
  show(strokes: readonly Stroke[]): void {
    this.#strokes = [...strokes];
    this.#shown = true;
    this.#repaint();
    this.drawn(this.#strokes);
  }

  #down(event: PointerEvent): void {
    // A second finger, or another button, does not draw.
    if (this.#pen !== undefined || event.button !== 0) return;
    this.#pen = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    if (this.#shown) this.#strokes = [];
    this.#shown = false;
    this.#strokes.push([this.#place(event)]);
    this.#repaint();
  }

  #move(event: PointerEvent): void {
    if (event.pointerId !== this.#pen) return;
    const last = this.#strokes.length - 1;
    this.#strokes[last] = [...this.#strokes[last], this.#place(event)];
    this.#repaint();
  }

  #up(event: PointerEvent): void {
    if (event.pointerId !== this.#pen) return;
    this.#pen = undefined;
    this.drawn(this.#strokes);
  }

  #place(event: PointerEvent): Point {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  }

  #repaint(): void {
    const context = this.canvas.getContext("2d") as CanvasRenderingContext2D;
    const { width } = this.canvas;
    context.clearRect(0, 0, width, width);
    context.strokeStyle = getComputedStyle(this.canvas).color;
    const scaled = this.#strokes.map((stroke) => stroke.map(([x, y]): Point => [x * width, y * width]));
    paint(context, scaled, PEN * width);
  }
}
