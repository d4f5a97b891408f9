// What the terminal can do, and lines of its width and color.
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Whether lines can be redrawn in place. A pipe, a file or a "dumb" terminal gets plain lines instead. */
export function isInteractive(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && process.env.TERM !== "dumb";
}

/** Whether to write color. Node's own test also honors NO_COLOR, FORCE_COLOR and the terminal's abilities. */
export function usesColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && stream.hasColors();
}

/** Styles text when `on`. Only the caller knows which stream the text is for, so Node must not decide by stdout. */
export function paint(on: boolean, style: Style, text: string): string {
  return on ? styleText(style, text, { validateStream: false }) : text;
}

/** Cuts text that is longer than `width`, and shows that it was cut. */
export function truncate(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}…`;
}

/** Cuts or pads text to exactly `width`, with the text in the middle. */
export function center(text: string, width: number): string {
  const cut = truncate(text, width);
  return cut.padStart(cut.length + Math.floor((width - cut.length) / 2)).padEnd(width);
}

// Line feeds, and tabs, are what texts are laid out with. Controls could move the cursor, change colors or titles, or type;
// bidirectional marks could turn a line round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** A text in which names of others' data cannot do anything to a terminal: control characters are spelled, as in "\\x1b". */
export const visible = (text: string): string =>
  text.replace(UNSEEN, (c) => {
    const code = c.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });

/** A name on one line. */
export const visibleName = (text: string): string => visible(text.replaceAll("\n", "\\n").replaceAll("\t", "\\t"));

/** A value as JSON; what a terminal could take for a command is spelled there, too. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value).replace(UNSEEN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
