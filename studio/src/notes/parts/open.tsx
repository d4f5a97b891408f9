// The frame of a chapter: title, contents and the choice of languages.
import type { ComponentChildren } from "preact";
import { show } from "../../app/frame.js";
import { useEngine } from "../../engine/page.js";
import { type Text, t } from "../../i18n/words.js";
import about from "../about.words.js";
import chapters from "../chapters.words.js";
import w from "./parts.words.js";
import { Prose, showBoth, sideBySide } from "./prose.js";
import "../notes.css";
import "../figures.css";
import "../beside.css";
import "../answers.css";
import "../widths.css";

export type Chapter = keyof typeof chapters;
export const CHAPTERS = Object.keys(chapters) as Chapter[];

/** Shows one section of the notes. */
export function openChapter(chapter: Chapter, Content: () => ComponentChildren): void {
  useEngine();
  show("notes", "../../", chapters[chapter], () => (
    <article class="notes">
      <Contents current={chapter} to={(other) => `../${other}/`} />
      <Heading text={chapters[chapter]} />
      <Content />
      <Neighbours chapter={chapter} />
    </article>
  ));
}

/** The title, and the choice of languages for all that follows. */
export const Heading = ({ text }: { readonly text: Text }) => (
  <header class="heading">
    <Prose as="h1" text={text} />
    <label>
      <input type="checkbox" checked={sideBySide.value} onChange={(event) => showBoth(event.currentTarget.checked)} />{" "}
      {t(w.both)}
    </label>
  </header>
);

interface ContentsProps {
  readonly current?: Chapter;
  readonly to: (chapter: Chapter) => string;
}

export const Contents = ({ current, to }: ContentsProps) => (
  <nav class="contents" aria-label={t(w.chapters)}>
    <ol>
      {CHAPTERS.map((chapter) => (
        <li key={chapter}>
          <a href={to(chapter)} aria-current={chapter === current ? "page" : undefined}>
            {t(chapters[chapter])}
          </a>
        </li>
      ))}
    </ol>
  </nav>
);

/** All sections, each with what it is about. */
export const Overview = () => (
  <nav aria-label={t(w.chapters)}>
    <ol class="overview">
      {CHAPTERS.map((chapter) => (
        <li key={chapter}>
          <a href={`./${chapter}/`}>{t(chapters[chapter])}</a>
          <Prose text={about[chapter]} />
        </li>
      ))}
    </ol>
  </nav>
);

function Neighbours({ chapter }: { readonly chapter: Chapter }) {
  const at = CHAPTERS.indexOf(chapter);
  const link = (other: Chapter | undefined, name: typeof w.before) =>
    other && <a href={`../${other}/`}>{t(name, t(chapters[other]))}</a>;
  return (
    <nav class="neighbours" aria-label={t(w.neighbours)}>
      {link(CHAPTERS[at - 1], w.before)}
      {link(CHAPTERS[at + 1], w.after)}
    </nav>
  );
}
