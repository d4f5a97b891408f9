// The words around the glossary's entries.
import { words } from "../../i18n/words.js";

export default words({
  about: {
    en: "The terms of the notes. Each is used for one thing only.",
    zh: "笔记中的术语。每个术语只有一个含义。",
  },
});
