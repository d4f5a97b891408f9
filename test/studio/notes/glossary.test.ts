// The glossary of the notes: every term has a meaning in both languages, and every link of a text leads to a term.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import meanings from "../../../studio/src/notes/glossary/meanings.words.js";
import terms from "../../../studio/src/notes/glossary/terms.words.js";

const NOTES = fileURLToPath(new URL("../../../studio/src/notes/", import.meta.url));
type Entry = Readonly<Record<"en" | "zh", unknown>>;

/** All texts of the notes: [file, name of the text, the text]. */
const texts = (
  await Promise.all(
    readdirSync(NOTES, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".words.ts"))
      .map(async (name) => {
        const { default: words } = (await import(`${NOTES}${name}`)) as { default: Record<string, Entry> };
        return Object.entries(words).map(([key, text]) => [name, key, text] as const);
      }),
  )
).flat();
const linksIn = (text: unknown): string[] =>
  typeof text === "string" ? [...text.matchAll(/\[\[(.*?)\|.*?\]\]/g)].map(([, term]) => term) : [];
const linked = texts.filter(([, , { en, zh }]) => linksIn(en).length + linksIn(zh).length > 0);

describe("the glossary", () => {
  test("says what each term means", () => {
    expect(Object.keys(meanings)).toEqual(Object.keys(terms));
  });

  test("has each word for one term only", () => {
    for (const language of ["en", "zh"] as const) {
      const own = Object.values(terms).map((term) => term[language]);
      expect(new Set(own).size, language).toBe(own.length);
    }
  });

  test.each(linked)("is where %s, %s leads to, in both languages alike", (_file, _key, { en, zh }) => {
    expect(linksIn(zh).sort()).toEqual(linksIn(en).sort());
    for (const term of linksIn(en)) expect(Object.keys(terms)).toContain(term);
  });

  test("is linked by every page of the notes", () => {
    const pages = new Set(texts.map(([file]) => file).filter((file) => file.startsWith("pages/")));
    for (const page of pages) expect(linked.map(([file]) => file)).toContain(page);
  });
});
