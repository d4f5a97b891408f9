// Tests whose device has one thread.
import { beforeAll } from "vitest";
import { setDevice } from "../../packages/tidu/src/tensor/realizer.js";
import { makeDevice } from "./devices.js";

/** Computes on one thread from the beginning of a file of tests on. */
export function onOneThread(): void {
  beforeAll(async () => setDevice(await makeDevice({ threads: 1 })));
}
