import { expect, it } from "vitest";
import { COURSES } from "./kill/courses.mjs";
import { killAndResume } from "./kill/kill-and-resume.mjs";

it.each(["memory", "table"])(
  "a process that learns from a %s and is killed at any moment ends, resumed, with the bits of one that was not",
  async (name) => {
    const { whole, trials } = await killAndResume(COURSES[name], 1);
    expect(whole).toMatch(/^[0-9a-f]{64}$/);
    expect(trials.map(({ end }) => end)).toEqual(trials.map(() => whole));
  },
  180_000,
);
