/**
 * Hands out the numbers that a property test drew, one by one, to the code that builds something from them; zeros after
 * the last.
 */
export class Choices {
  #next = 0;
  constructor(readonly numbers: readonly number[]) {}

  /** A number from 0 to `count` - 1; the first choice is the simplest. */
  below(count: number): number {
    const n = this.numbers[this.#next++] ?? 0;
    return n % count;
  }

  /** A whole number from `low` to `high`. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === n - 1;
  }
}
