import { type EndingSignal, EXIT, SIGNALS } from "../exit.js";

/** Interrupts: the first signal asks training to end, the second ends the process at once. */
export class Interrupt {
  readonly #controller = new AbortController();
  #caught: EndingSignal | undefined;

  /** Listens until `close`. @param onFirst called when the first signal comes. */
  constructor(private readonly onFirst: () => void) {
    for (const signal of SIGNALS) process.on(signal, this.#listen);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The signal that came; undefined while there was none. */
  get caught(): EndingSignal | undefined {
    return this.#caught;
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listen);
  }

  readonly #listen = (signal: NodeJS.Signals): void => {
    if (this.#caught !== undefined) return process.exit(EXIT[this.#caught]);
    this.#caught = signal as EndingSignal;
    this.onFirst();
    this.#controller.abort();
  };
}
