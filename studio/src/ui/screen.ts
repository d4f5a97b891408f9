// Which of the screen's forms there is room for: see studio/README.md, "The screen".
import { type ReadonlySignal, signal } from "@preact/signals";

function matching(query: string): ReadonlySignal<boolean> {
  const media = matchMedia(query);
  const matches = signal(media.matches);
  media.addEventListener("change", () => (matches.value = media.matches));
  return matches;
}

export const isPhone = matching("(max-width: 699px)");
/** Where data and recipe stand at the left of the network, and come before it. */
export const isWide = matching("(min-width: 1200px)");
/** Where the columns have room for larger pictures. */
export const isLarge = matching("(min-width: 1900px)");
