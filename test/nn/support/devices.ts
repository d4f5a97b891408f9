// The same tests on the reference interpreter and on WebAssembly, or on the kind of device that suites run on again.
import { afterAll, beforeAll, describe } from "vitest";
import { ReferenceDevice } from "../../../packages/tidu/src/runtime/reference.js";
import { setDevice } from "../../../packages/tidu/src/tensor/realizer.js";
import { type Device, endDevice, makeDevice, OTHER } from "../../support/devices.js";

const kind = (name: string, threads: number) => ({
  name: `${name}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
  threads,
});
const kinds =
  OTHER === undefined
    ? [{ name: "reference", threads: 0 }, kind("wasm", 1), kind("wasm", 2)]
    : [{ name: OTHER.name, threads: 2 }];

/**
 * Registers the tests of `body` once for each device: the reference interpreter and WebAssembly on 1 and 2 threads; where
 * suites run again on another kind of device, on that. Tensors and layers must be made inside the tests, where the device is in use.
 */
export function onEveryDevice(body: (device: string) => void): void {
  describe.each(kinds)("$name", ({ name, threads }) => {
    let used: Device | undefined;
    beforeAll(async () => {
      used = threads === 0 ? undefined : await makeDevice({ threads });
      setDevice(used ?? new ReferenceDevice());
    });
    afterAll(async () => {
      setDevice(undefined);
      await endDevice(used);
    });
    body(name);
  });
}

/** Uses the reference interpreter for a whole file of tests. */
export function onReference(): void {
  beforeAll(() => setDevice(new ReferenceDevice()));
  afterAll(() => setDevice(undefined));
}
