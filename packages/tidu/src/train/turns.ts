/** Milliseconds between two turns: seldom enough to cost nothing, often enough for a page to feel alive. */
const EVERY = 50;

/** Lets timers, signals and messages have their turn during a long computation. */
export class Turns {
  #last = performance.now();

  constructor(readonly every = EVERY) {}

  async give(): Promise<void> {
    if (performance.now() - this.#last < this.every) return;
    await new Promise<void>((done) => {
      if (globalThis.setImmediate === undefined) setTimeout(done);
      else setImmediate(done);
    });
    this.#last = performance.now();
  }
}
