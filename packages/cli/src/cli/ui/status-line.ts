// A line at the bottom of the terminal that is overwritten.
import type { Output } from "../output.js";
import { isInteractive, visibleName } from "./terminal.js";

const CLEAR = "\r\x1b[2K";

/** A line on a terminal that says what is under way; elsewhere, and where programs read along, it is silent. */
export class StatusLine {
  readonly #stream: NodeJS.WriteStream | undefined;
  #drawn = false;

  constructor({ stream, json }: Output) {
    this.#stream = json || !isInteractive(stream) ? undefined : stream;
  }

  /** Whether there is anybody to see it. */
  get seen(): boolean {
    return this.#stream !== undefined;
  }

  /** Puts a text in the place of what it said before. */
  show(text: string): void {
    this.#stream?.write(CLEAR + visibleName(text));
    this.#drawn = true;
  }

  clear(): void {
    if (this.#drawn) this.#stream?.write(CLEAR);
    this.#drawn = false;
  }
}
