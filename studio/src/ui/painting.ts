// Pictures are painted a few at a time, so that the browser can answer the reader in between, and those that are to be
// seen first.

import { effect } from "@preact/signals";

/** Milliseconds of painting between two frames of the browser. */
const BUDGET = 6;
/** Milliseconds without anything to paint, after which canvases out of sight are painted too. */
const REST = 300;

const waiting = new Map<Element, () => void>();
const inSight = new Set<Element>();
/** The frame in which what waits is painted. */
let asked: number | undefined;
let resting = false;
let rest: ReturnType<typeof setTimeout> | undefined;

const watch = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    if (isIntersecting) inSight.add(target);
    else inSight.delete(target);
  }
  ask();
});

/** Paints a picture soon; should it be painted before something else was to be painted on it, only the last counts. */
function paintSoon(canvas: Element, paint: () => void): void {
  waiting.set(canvas, paint);
  resting = false;
  clearTimeout(rest);
  rest = setTimeout(() => {
    resting = true;
    ask();
  }, REST);
  ask();
}

/**
 * Paints a canvas soon, and again whenever a signal that was read in painting it changes. Returns what ends that.
 *
 * @param atOnce whether it is painted first at once: until then a canvas that nobody can look through is black.
 */
export function keepPainted(canvas: Element, paint: () => void, atOnce = false): () => void {
  let stop = (): void => {};
  const again = (): void => {
    stop();
    let isPainted = false;
    stop = effect(() => {
      if (isPainted) return paintSoon(canvas, again);
      isPainted = true;
      paint();
    });
  };
  if (!atOnce) paintSoon(canvas, again);
  else {
    // What waited was to paint what was there before.
    waiting.delete(canvas);
    again();
  }
  return () => stop();
}

/** To be called when a canvas comes to the page; returns what is to be called when it goes. */
export function followSight(canvas: Element): () => void {
  watch.observe(canvas);
  return () => {
    watch.unobserve(canvas);
    inSight.delete(canvas);
    waiting.delete(canvas);
  };
}

function ask(): void {
  asked ??= requestAnimationFrame(paintWaiting);
}

/**
 * Paints what waits and is to be seen. Called when the browser prepares a frame in which there is something new, so that it is
 * painted in that frame and not in the next one.
 */
export function paintWaiting(): void {
  if (asked !== undefined) cancelAnimationFrame(asked);
  asked = undefined;
  paintSome([...waiting.keys()].filter((canvas) => resting || inSight.has(canvas)));
}

/** Paints for as long as the budget lasts, one canvas at least; the rest has its turn in the next frame. */
function paintSome(canvases: readonly Element[]): void {
  const end = performance.now() + BUDGET;
  let painted = 0;
  while (painted < canvases.length && (painted === 0 || performance.now() < end)) {
    const canvas = canvases[painted++];
    const paint = waiting.get(canvas);
    waiting.delete(canvas);
    paint?.();
  }
  if (painted < canvases.length) ask();
}
