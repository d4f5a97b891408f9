// The reference: every public name has a comment, and every comment a Chinese text that says the same numbers and names.
import type { ProjectReflection } from "typedoc";
import { beforeAll, describe, expect, it } from "vitest";
import { chineseBodies, readComments, referenceProblems } from "../../scripts/reference-bodies.mjs";
import { SOURCES } from "../../scripts/sources.mjs";

let project: ProjectReflection;
beforeAll(async () => {
  ({ project } = await readComments());
}, 120_000);

const spans = (text: string): string[] => [...text.matchAll(/`[^`]*`/g)].map(([span]) => span).sort();
/** Numbers but 0 and 1, which English also writes as words: zeros, once. */
const numbers = (text: string): string[] =>
  [...text.replaceAll(/`[^`]*`/g, " ").matchAll(/(?<![\w.])\d[\d,.]*\d(?!\w)|(?<![\w.-])[2-9](?!\w)/g)]
    .map(([n]) => n)
    .sort();

/** Subpaths without names of their own: those inside a namespace of "tidu", and those that are no API. */
const ELSEWHERE = /^tidu\/(nn|init|loss|metrics|regularize|signal|optim|internal|worker|debug\/register)$/;

describe("the reference", () => {
  it("has the entry points of all packages", () => {
    const files = project.children?.map(({ sources }) => sources?.[0]?.fullFileName);
    const entries = Object.entries(SOURCES).filter(([name]) => !ELSEWHERE.test(name));
    expect(files?.sort()).toEqual(entries.map(([, file]) => file).sort());
  });

  it("says something of every public name, and all of it in Chinese, too", () => {
    expect(referenceProblems(project)).toEqual([]);
  });

  it.each([...chineseBodies()])("%s", (english, chinese) => {
    expect(spans(chinese)).toEqual(spans(english));
    expect(numbers(chinese)).toEqual(numbers(english));
    if (/[a-z]{3} [a-z]{2}/.test(english)) expect(chinese).toMatch(/\p{Script=Han}/u);
  });
});
