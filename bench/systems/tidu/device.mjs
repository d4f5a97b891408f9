import { setDevice, WasmDevice } from "tidu";

/**
 * The part of a job that chooses the device.
 *
 * @typedef {{ device?: "wasm" | "native", threads?: number }} Wanted
 */

/**
 * Switches to this device, with all threads unless a number is given, and waits until it is ready.
 *
 * @param {Wanted} wanted
 * @returns {Promise<{ version: string, threads: number }>}
 */
export async function useDevice({ device = "wasm", threads }) {
  const options = threads === undefined ? {} : { threads };
  const engine = `Node ${process.versions.node}`;
  if (device === "native") {
    const { NativeDevice } = await import("tidu/native");
    const used = await NativeDevice.create(options);
    setDevice(used);
    return { version: `${engine}, ${used.compiler}`, threads: used.threads };
  }
  const used = new WasmDevice(options);
  setDevice(used);
  await used.ready();
  return {
    version: `${engine}, WebAssembly${used.fusedMultiplyAdd ? " with fused multiply-add" : ""}`,
    threads: used.threads,
  };
}
