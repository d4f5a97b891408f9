// The reference's Chinese texts: each belongs to a comment as it is now, says the same numbers and names, and the names that a
// learner meets have one.
import { beforeAll, describe, expect, it } from "vitest";
import { chineseBodies, inOneLine, readComments, textsIn } from "../../scripts/reference-bodies.mjs";

const bodies = chineseBodies();
/** The English texts of each module, by the name that has them. */
const texts = new Map<string, { name: string; text: string }[]>();
beforeAll(async () => {
  const { project } = await readComments();
  for (const module of project.children ?? [])
    texts.set(
      module.name,
      [...textsIn(module)]
        .map(({ name, parts }) => ({ name, text: inOneLine(parts) }))
        .filter(({ text }) => text !== ""),
    );
}, 120_000);

const spans = (text: string): string[] => [...text.matchAll(/`[^`]*`/g)].map(([span]) => span).sort();
/** Numbers but 0 and 1, which English also writes as words: zeros, once. */
const numbers = (text: string): string[] =>
  [...text.replaceAll(/`[^`]*`/g, " ").matchAll(/(?<![\w.])\d[\d,.]*\d(?!\w)|(?<![\w.-])[2-9](?!\w)/g)]
    .map(([n]) => n)
    .sort();

describe("the Chinese texts of the reference", () => {
  /** A comment that changes is in English until it is translated again; a few may wait for that. */
  const WAITING = 0.01;

  it("belong to comments that there are", () => {
    const all = new Set([...texts.values()].flat().map(({ text }) => text));
    const left = [...bodies.keys()].filter((english) => !all.has(english));
    const says = `these comments have changed: translate them again in docs/.vitepress/reference/bodies\n${left.join("\n")}`;
    expect(left.length / bodies.size, says).toBeLessThan(WAITING);
  });

  it.each([...bodies])("%s", (english, chinese) => {
    expect(spans(chinese)).toEqual(spans(english));
    expect(numbers(chinese)).toEqual(numbers(english));
    if (/[a-z]{3} [a-z]{2}/.test(english)) expect(chinese).toMatch(/\p{Script=Han}/u);
  });

  it("are there for nearly all of the library, its parts, ONNX, data files and runs", () => {
    for (const module of [
      "tidu/src",
      ...["data", "augment", "insight", "native", "webgpu", "mpi"].map((part) => `tidu/src/${part}`),
      "onnx/src",
      "cli/src/run",
      "cli/src/sources",
    ]) {
      const all = texts.get(module) ?? [];
      const missing = all.filter(({ text }) => !bodies.has(text)).map(({ name }) => name);
      expect(missing.length / all.length, `no Chinese text: ${missing.join(", ")}`).toBeLessThan(0.03);
    }
    expect(bodies.size).toBeGreaterThan(1050);
  });
});
