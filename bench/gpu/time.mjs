// How long work on a card takes, and how a measuring process tells.

/** Without a card everything is as small as a processor can do in a minute: to try the scripts themselves. */
export const SMALL = process.env.GPU_SMALL === "1";

/** @param {object} row */
export const say = (row) => void process.stdout.write(`${JSON.stringify(row)}\n`);

/**
 * Milliseconds that one of many calls takes, the card's own time for it included: as many as go into `seconds`, then a
 * wait for the last of them.
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
    // Batches of about a tenth of a second: waiting for one counts little then.
    if (taken < 100) count = Math.max(count + 1, Math.min(count * 4, Math.ceil((count * 100) / Math.max(taken, 0.01))));
  } while (performance.now() < end);
  return best;
}
