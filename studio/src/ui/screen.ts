// Which of the screen's forms there is room for: see studio/README.md, "The screen".
import { type ReadonlySignal, signal } from "@preact/signals";

function matching(query: string): ReadonlySignal<boolean> {
  const media = matchMedia(query);
  const matches = signal(media.matches);
  media.addEventListener("change", () => (matches.value = media.matches));
  return matches;
}

export const isPhone = matching("(width < 43.75em)");
/** Where data and recipe stand at the left of the network, and come before it. */
export const isWide = matching("(width >= 75em)");
/** Where the columns have room for larger pictures. */
export const isLarge = matching("(width >= 118.75em)");
/** Where a large plane leaves room below it for large curves. */
export const isTall = matching("(height >= 80em)");
