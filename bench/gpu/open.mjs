// A graphics card for a measuring process, and how long work on it takes.
import { setDevice } from "tidu";
import { WebGpuDevice } from "tidu/webgpu";
import { create } from "webgpu";

/** Without a card everything is as small as a processor can do in a minute: to try the script itself. */
export const SMALL = process.env.GPU_SMALL === "1";

/** Dawn, with clocks as exact as the card has them; it ends when nobody refers to it. */
const flags = ["disable-dawn-features=timestamp_quantization", ...(process.env.DAWN_FLAGS?.split(" ") ?? [])];
export const gpu = create(flags);

/** @param {import("tidu/webgpu").WebGpuOptions} [options] */
export async function open(options = {}) {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  const device = await WebGpuDevice.create({ adapter: adapter ?? undefined, tiles: !SMALL, ...options });
  setDevice(device);
  return device;
}

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
export async function each(call, finish, seconds = SMALL ? 0.05 : 1) {
  await call();
  await call();
  await finish();
  let best = Number.POSITIVE_INFINITY;
  let count = 1;
  const end = performance.now() + seconds * 1000;
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
