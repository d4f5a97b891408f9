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
  <>{text.split("$").map((part, i) => (i % 2 === 0 ? linked(part) : <Formula key={`${i}`} tex={part} />))}</>
);

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

/** A paragraph or a heading in the reader's language, or in all of them side by side. */
export function Prose({ text, as: Tag = "p" }: ProseProps) {
  if (!sideBySide.value) {
    return (
      <Tag>
        <Rich text={text[language.value]} />
      </Tag>
    );
  }
  return (
    <Tag class="both">
      {[...LANGUAGES].reverse().map((own) => (
        <span key={own} lang={MARKS[own]}>
          <Rich text={text[own]} />
        </span>
      ))}
    </Tag>
  );
}
