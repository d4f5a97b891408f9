// The entry of the notes' pages.
import { show } from "../app/frame.js";
import w from "./notes.words.js";
import { Heading, Overview } from "./parts/open.js";
import { Prose } from "./parts/prose.js";

show("notes", "../", w.title, () => (
  <article class="notes">
    <Heading text={w.title} />
    <Prose text={w.intro} />
    <Prose text={w.how} />
    <Overview />
  </article>
));
