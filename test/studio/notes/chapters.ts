import chapters from "../../../studio/src/notes/chapters.words.js";

/** Folders of the notes' pages. */
export const CHAPTERS = Object.keys(chapters) as (keyof typeof chapters)[];
