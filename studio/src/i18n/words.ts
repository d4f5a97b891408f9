// Texts in both languages.
import { type Language, language } from "./language.js";

/** A text in every language: the type makes a missing one an error. */
export type Text = Readonly<Record<Language, string>>;

/** A text with gaps. */
export type Phrase<A extends readonly unknown[]> = Readonly<Record<Language, (...gaps: A) => string>>;

/**
 * The texts of one area of the studio, by name: the default export of a file `….words.ts`. The tests read all of these
 * files and look for empty ones.
 */
export const words = <const C extends Readonly<Record<string, Text | Phrase<never>>>>(catalogue: C): C => catalogue;

/** The text in the language that is shown; a component that calls this follows the reader's choice. */
export function t(text: Text): string;
export function t<A extends readonly unknown[]>(text: Phrase<A>, ...gaps: A): string;
export function t<A extends readonly unknown[]>(text: Text | Phrase<A>, ...gaps: A): string {
  const own = text[language.value];
  return typeof own === "string" ? own : own(...gaps);
}
