// Signs that stand between texts: Chinese has its own, which need no space.
import type { Phrase, Text } from "./words.js";

export const COLON: Text = { en: ": ", zh: "：" };
export const COMMA: Text = { en: ", ", zh: "，" };
/** Between the parts of a list. */
export const LIST: Text = { en: ", ", zh: "、" };
export const SEMICOLON: Text = { en: "; ", zh: "；" };
/** Between sentences. */
export const BETWEEN: Text = { en: " ", zh: "" };
export const STOP: Text = { en: ".", zh: "。" };
const OPEN: Text = { en: " (", zh: "（" };
const CLOSE: Text = { en: ")", zh: "）" };

/** Something in brackets, behind what stands before it. */
export const inBrackets: Phrase<[string]> = { en: (text) => ` (${text})`, zh: (text) => `（${text}）` };

/** A text with another in brackets behind it. */
export const bracketed = (text: Text, own: Text): Text => ({
  en: `${text.en}${OPEN.en}${own.en}${CLOSE.en}`,
  zh: `${text.zh}${OPEN.zh}${own.zh}${CLOSE.zh}`,
});
