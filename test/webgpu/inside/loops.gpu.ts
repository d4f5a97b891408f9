// Loops on a graphics card, which has their steps one after the other: products, whole numbers, rows of a table. All kinds of steps
// without loops are in test/loop; drivers that compute on the processor take minutes for them.
import { afterAll, expect, test } from "vitest";
import { ReferenceDevice } from "../../../packages/tidu/src/runtime/reference.js";
import { setDevice } from "../../../packages/tidu/src/tensor/realizer.js";
import { bodies } from "../../loop/support/bodies.js";
import { far, resultsTogether } from "../../loop/support/results.js";
import { open } from "./open.js";

const device = await open();
afterAll(() => setDevice(device));

const kinds = [0, 4, 5].map((i) => bodies[i]);

test("loops come to what their definition says", async () => {
  setDevice(new ReferenceDevice());
  const want = await resultsTogether(kinds, false, false);
  setDevice(device);
  const got = await resultsTogether(kinds, false, false);
  expect(want.length).toBeGreaterThan(15);
  got.forEach((x, i) => void expect(far(x, want[i]), `result ${i}`).toBeLessThan(2e-4));
});
