// The glossary: every term of the notes, in both languages, with what it means. Texts of the notes lead here.
import { language } from "../../i18n/language.js";
import { t } from "../../i18n/words.js";
import { openChapter } from "../parts/open.js";
import { Prose, Rich } from "../parts/prose.js";
import g from "./glossary.words.js";
import meanings from "./meanings.words.js";
import terms from "./terms.words.js";

type Term = keyof typeof terms;
const TERMS = Object.keys(terms) as Term[];

/** A term, the same in the other language, and its meaning. */
const Entry = ({ term }: { readonly term: Term }) => (
  <>
    <dt id={term}>
      <b>{t(terms[term])}</b>{" "}
      {language.value === "en" ? <span lang="zh-Hans">{terms[term].zh}</span> : <span lang="en">{terms[term].en}</span>}
    </dt>
    <dd>
      <Rich text={t(meanings[term])} />
    </dd>
  </>
);

openChapter("glossary", () => (
  <>
    <Prose text={g.about} />
    <dl class="glossary">
      {TERMS.map((term) => (
        <Entry key={term} term={term} />
      ))}
    </dl>
  </>
));
