// Measures how long work on a card takes, and prints the results of a measuring process.

/**
 * Without a card, everything is small enough for a processor to finish in a minute: this tries the scripts themselves.
 */
export const SMALL = process.env.GPU_SMALL === "1";

/** @param {object} row */
export const say = (row) => void process.stdout.write(`${JSON.stringify(row)}\n`);

/**
 * Milliseconds per call, including the card's time: makes as many calls as fit into `seconds`, then waits for the last
 * one.
 *
 * @param {() => unknown} call
 * @param {() => Promise<unknown>} finish
 * @param {number} [seconds]
 */
export async function each(call, finish, seconds = 1) {
  await call();
  await call();
  await finish();
  let best = Number.POSITIVE_INFINITY;
  let count = 1;
  const end = performance.now() + (SMALL ? 0.05 : seconds) * 1000;
  do {
    const start = performance.now();
    for (let i = 0; i < count; i++) await call();
    await finish();
    const taken = performance.now() - start;
    best = Math.min(best, taken / count);
    // Batches of about a tenth of a second, so that waiting for one hardly counts.
    if (taken < 100) count = Math.max(count + 1, Math.min(count * 4, Math.ceil((count * 100) / Math.max(taken, 0.01))));
  } while (performance.now() < end);
  return best;
}
