/** The time that a step takes on average. What comes before an epoch's first, such as measuring, does not count. */
export class Pace {
  #steps = 0;
  #seconds = 0;
  #last = 0;

  /** Seconds for one step, now that another is done; NaN while there is nothing to tell. */
  after(step: number): number {
    const now = performance.now();
    if (step > 1) {
      this.#seconds += (now - this.#last) / 1000;
      this.#steps++;
    }
    this.#last = now;
    return this.#seconds / this.#steps;
  }
}
