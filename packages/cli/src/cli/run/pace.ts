/** The average time of a step. Time before an epoch's first step, such as for measuring, does not count. */
export class Pace {
  #steps = 0;
  #seconds = 0;
  #last = 0;

  /** Seconds for one step, to be called after each step; NaN while it is not known. */
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
