import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Whether lines can be redrawn in place. A pipe, a file or a "dumb" terminal gets plain lines instead. */
export function isInteractive(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && process.env.TERM !== "dumb";
}

/** Whether to write colour. Node's own test also honours NO_COLOR, FORCE_COLOR and the terminal's abilities. */
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
