import { signal } from "@preact/signals";
import { recall, remember } from "../../app/memory.js";
import { LANGUAGES, type Language, language } from "../../i18n/language.js";
import type { Text } from "../../i18n/words.js";
import { Formula } from "../../ui/formula.js";

/** Whether the notes' text is shown in all languages beside each other. */
export const sideBySide = signal(recall("notes.both") === "true");

export function showBoth(both: boolean): void {
  sideBySide.value = both;
  remember("notes.both", String(both));
}

const MARKS: Readonly<Record<Language, string>> = { en: "en", zh: "zh-Hans" };

/** A text whose parts between dollar signs are formulas in TeX; `[[loss|text]]` leads to a term of the glossary. */
export const Rich = ({ text }: { readonly text: string }) => (
  <>
    {text.split("$").map((part, i, all) =>
      i % 2 === 0 ? (
        linked(i === 0 ? part : part.replace(ENDS, ""))
      ) : (
        <span key={`${i}`} class="kept">
          <Formula tex={part} />
          {ENDS.exec(all[i + 1] ?? "")?.[0]}
        </span>
      ),
    )}
  </>
);

/** Signs that no line begins with: they stay with the formula before them. */
const ENDS = /^[,.;:!?)，。；：、！？）”]+/;

const linked = (text: string) =>
  text.split(/\[\[(.*?)\]\]/).map((part, i) => {
    if (i % 2 === 0) return part;
    const [term, shown] = part.split("|");
    return (
      <a key={`${i}`} class="term" href={`../glossary/#${term}`}>
        {shown}
      </a>
    );
  });

interface ProseProps {
  readonly text: Text;
  readonly as?: "p" | "h1" | "h2" | "li";
}

/** What an address names a heading by, in any language: its English words. */
const anchorOf = ({ en }: Text): string =>
  en
    .toLowerCase()
    .replace(/\[\[.*?\|(.*?)\]\]/g, "$1")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** A paragraph or a heading in the reader's language, or in all of them side by side. */
export function Prose({ text, as: Tag = "p" }: ProseProps) {
  const id = Tag === "h2" ? anchorOf(text) : undefined;
  if (!sideBySide.value) {
    return (
      <Tag id={id}>
        <Rich text={text[language.value]} />
      </Tag>
    );
  }
  return (
    <Tag id={id} class="both">
      {[...LANGUAGES].reverse().map((own) => (
        <span key={own} lang={MARKS[own]}>
          <Rich text={text[own]} />
        </span>
      ))}
    </Tag>
  );
}
