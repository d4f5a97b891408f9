// For tests whose device has one thread.
import { beforeAll } from "vitest";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { makeDevice } from "./devices.js";

/** Makes all tests of a file compute on one thread. */
export function onOneThread(): void {
  beforeAll(async () => setDevice(await makeDevice({ threads: 1 })));
}
