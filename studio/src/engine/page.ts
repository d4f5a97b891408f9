// The page's own device, for small computations outside the worker.
import { setDevice, WasmDevice } from "tidu";

let used = false;

/** Makes the page's own device, with one thread, for small computations; the same bits on every machine. */
export function useEngine(): void {
  if (used) return;
  used = true;
  setDevice(new WasmDevice({ portable: true, threads: 1 }));
}
