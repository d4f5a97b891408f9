import { afterAll, beforeAll, describe } from "vitest";
import { ReferenceDevice } from "../../../packages/tidu/src/runtime/reference.js";
import { WasmDevice } from "../../../packages/tidu/src/runtime/wasm/device.js";
import { setDevice } from "../../../packages/tidu/src/tensor/realizer.js";

const wasm = (threads: number) => ({ name: `wasm, ${threads} ${threads === 1 ? "thread" : "threads"}`, threads });
const kinds = [{ name: "reference", threads: 0 }, wasm(1), wasm(2)];

/**
 * Registers the tests of `body` once for each device: the reference interpreter and WebAssembly on 1 and 2 threads.
 * Tensors and layers must be made inside the tests, where the device is the one in use.
 */
export function onEveryDevice(body: (device: string) => void): void {
  describe.each(kinds)("$name", ({ name, threads }) => {
    let used: WasmDevice | undefined;
    beforeAll(async () => {
      used = threads === 0 ? undefined : new WasmDevice({ threads });
      setDevice(used ?? new ReferenceDevice());
      await used?.ready();
    });
    afterAll(async () => {
      setDevice(undefined);
      await used?.close();
    });
    body(name);
  });
}

/** Uses the reference interpreter for a whole file of tests. */
export function onReference(): void {
  beforeAll(() => setDevice(new ReferenceDevice()));
  afterAll(() => setDevice(undefined));
}
