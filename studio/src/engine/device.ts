// The device of a worker that trains.
import { setDevice, WasmDevice } from "tidu";

/** All cores but one, without which the page would not answer; bits are the same on every machine. */
export function useCores(): WasmDevice {
  const threads = Math.max(1, navigator.hardwareConcurrency - 1);
  const device = new WasmDevice({ portable: true, threads });
  setDevice(device);
  return device;
}
