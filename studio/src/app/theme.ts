// The theme: light, dark, or as the system has it.
import { effect, signal } from "@preact/signals";
import { recall, remember } from "./memory.js";

/** "auto" follows the system. */
export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const kept = recall("theme");
export const theme = signal<Theme>(THEMES.find((name) => name === kept) ?? "auto");

/** Rises when colors change: what is painted on a canvas reads it, to be painted again. */
export const colours = signal(0);

/** Applies the choice to the page. To be called once for each page. */
export function followTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    remember("theme", theme.value);
    colours.value = colours.peek() + 1;
  });
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", () => {
      colours.value++;
    });
  }
}

/** Colors that were asked for since the theme last changed: asking makes the browser compute styles. */
const known = new Map<string, string>();
colours.subscribe(() => known.clear());

/** The value of a custom property of the theme, such as "--ink", as a color that canvases understand. */
export function colour(name: string): string {
  let value = known.get(name);
  if (value === undefined) known.set(name, (value = ask(name)));
  return value;
}

function ask(name: string): string {
  const probe = document.createElement("span");
  // Where a reader has colors of their own, what is painted keeps those that mean something.
  probe.style.setProperty("forced-color-adjust", "none");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** Asked once, since each question takes the browser some time and this one comes with every frame. */
const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the reader asked for less movement. */
export const wantsLessMotion = (): boolean => lessMotion.matches;
