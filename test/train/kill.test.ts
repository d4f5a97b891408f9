import { expect, it } from "vitest";
import { killAndResume } from "./kill/kill-and-resume.mjs";

it("a process that is killed at any moment, and resumed, ends with the bits of one that was not", async () => {
  const { whole, trials } = await killAndResume(3);
  expect(whole).toMatch(/^[0-9a-f]{64}$/);
  expect(trials.map(({ end }) => end)).toEqual(trials.map(() => whole));
}, 180_000);
