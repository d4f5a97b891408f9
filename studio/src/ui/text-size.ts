// How large the reader has text: what is measured in pixels and stands beside text, or is text on a canvas, grows with it.
import { type ReadonlySignal, signal } from "@preact/signals";

/** Pixels of a rem as browsers have it at first, which the studio's design is drawn for. */
const USUAL = 16;

const remNow = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The reader's text size as a multiple of the usual one; it changes with the browser's setting. */
export const textScale: ReadonlySignal<number> = following();

function following(): ReadonlySignal<number> {
  const scale = signal(remNow() / USUAL);
  const rem = document.createElement("span");
  rem.ariaHidden = "true";
  rem.style.cssText = "position: fixed; top: 0; left: 0; visibility: hidden; width: 1rem; height: 1rem";
  document.documentElement.append(rem);
  new ResizeObserver(() => {
    scale.value = remNow() / USUAL;
  }).observe(rem);
  return scale;
}

/** So many pixels of the design, in those that they take at the reader's text size. */
export const scaled = (pixels: number): number => pixels * textScale.value;
