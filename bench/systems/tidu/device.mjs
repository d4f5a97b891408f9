import { device, setDevice, WasmDevice } from "tidu";

export const VERSION = `Node ${process.versions.node}`;

/**
 * Uses so many threads (default: all) from now on and waits until they have started.
 *
 * @param {number} [threads]
 */
export async function useThreads(threads) {
  if (threads !== undefined) setDevice(new WasmDevice({ threads }));
  const used = /** @type {WasmDevice} */ (device());
  await used.ready();
  return used.threads;
}
