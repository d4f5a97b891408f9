// The frame of every page: navigation, language, theme, and the page's content.
import { type ComponentChildren, render } from "preact";
import { followLanguage, LANGUAGES, language } from "../i18n/language.js";
import { type Text, t } from "../i18n/words.js";
import { Choice } from "../ui/choice.js";
import w from "./app.words.js";
import { followTheme, THEMES, theme } from "./theme.js";
import "./tokens.css";
import "./style.css";

/** The parts of the studio, by the folder of their first page. */
const PARTS = { "": w.playground, notes: w.notes, runs: w.runs } as const;
export type Part = keyof typeof PARTS;

const LANGUAGE_NAMES = { en: "English", zh: "中文" } as const;

interface FrameProps {
  readonly part: Part;
  /** The way from this page to the folder of the playground: "./", "../" or further up. */
  readonly home: string;
  readonly children: ComponentChildren;
}

/** What is around every page: where one can go, language, colors. */
function Frame({ part, home, children }: FrameProps) {
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place of this page, and leaves the address alone */}
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          // What stands behind the # of an address is the page's own: a run, and not a place to go to.
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
      >
        {t(w.skip)}
      </a>
      <header class="bar">
        <strong class="brand">
          <span>Tidu </span>梯度
        </strong>
        <nav aria-label={t(w.pages)}>
          {Object.entries(PARTS).map(([folder, name]) => (
            <a
              key={folder}
              href={folder === "" ? home : `${home}${folder}/`}
              aria-current={folder === part ? "page" : undefined}
            >
              {t(name)}
            </a>
          ))}
        </nav>
        <div class="choices">
          <Choice
            label={t(w.language)}
            value={language.value}
            options={LANGUAGES.map((value) => ({ value, text: LANGUAGE_NAMES[value] }))}
            onChange={(value) => {
              language.value = value;
            }}
          />
          <Choice
            label={t(w.theme)}
            value={theme.value}
            options={THEMES.map((value) => ({ value, text: t(w[value]) }))}
            onChange={(value) => {
              theme.value = value;
            }}
          />
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** Shows a page: `Page` is its content, `title` what the browser calls it. */
export function show(part: Part, home: string, title: Text, Page: () => ComponentChildren): void {
  followLanguage();
  followTheme();
  function Whole() {
    document.title = `Tidu · ${t(title)}`;
    return (
      <Frame part={part} home={home}>
        <Page />
      </Frame>
    );
  }
  render(<Whole />, document.getElementById("page") as HTMLElement);
}
