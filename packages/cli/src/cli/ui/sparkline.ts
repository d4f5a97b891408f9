// A curve in one line of text.
const BLOCKS = "▁▂▃▄▅▆▇█";

/**
 * A curve of any length in a few characters. Values are averaged into at most twice `width` groups of one size; when
 * there are more, neighbors are joined. So each value costs the same, however long the curve becomes.
 */
export class Sparkline {
  #means: number[] = [];
  /** Values in a full group, and the sum and number of those in the last one. */
  #size = 1;
  #sum = 0;
  #count = 0;

  constructor(readonly width: number) {}

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#sum += value;
    this.#count++;
    if (this.#count < this.#size) return;
    this.#means.push(this.#sum / this.#count);
    this.#sum = this.#count = 0;
    if (this.#means.length === 2 * this.width) this.#halve();
  }

  /** From the lowest block to the highest, at most `width` characters; empty until there is a value. */
  toString(): string {
    const shown = this.#means.length > this.width ? joined(this.#means) : this.#means;
    const [low, high] = [Math.min(...shown), Math.max(...shown)];
    const level = (v: number) => (high > low ? Math.round(((v - low) / (high - low)) * (BLOCKS.length - 1)) : 0);
    return shown.map((v) => BLOCKS[level(v)]).join("");
  }

  #halve(): void {
    this.#means = joined(this.#means);
    this.#size *= 2;
  }
}

/** The means of pairs of neighbors; one without a neighbor stays. */
const joined = (values: readonly number[]): number[] =>
  Array.from({ length: Math.ceil(values.length / 2) }, (_, i) => {
    const [a, b = a] = values.slice(2 * i, 2 * i + 2);
    return (a + b) / 2;
  });
