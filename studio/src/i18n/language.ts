// The language that the reader chose.
import { effect, signal } from "@preact/signals";
import { recall, remember } from "../app/memory.js";

/** The languages of the studio. */
export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

const isLanguage = (value: unknown): value is Language => LANGUAGES.includes(value as Language);

/** What the reader chose before, or else the browser's own language. */
function first(): Language {
  const chosen = recall("language");
  if (isLanguage(chosen)) return chosen;
  return globalThis.navigator?.language?.startsWith("zh") ? "zh" : "en";
}

/** The language that is shown. */
export const language = signal<Language>(first());

/** Keeps the page's own mark of its language, and the choice. To be called once for each page. */
export function followLanguage(): void {
  effect(() => {
    document.documentElement.lang = language.value === "zh" ? "zh-Hans" : "en";
    remember("language", language.value);
  });
}
