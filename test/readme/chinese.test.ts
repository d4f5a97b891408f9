import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT, withoutBlocks } from "./blocks.js";

const IMAGES = "docs/images";
const read = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");
const [english, chinese] = await Promise.all([read("README.md"), read("README.zh-CN.md")]);

const BLOCK = /^```(\w*)\n(.*?)^```$/gms;
const HEADING = /^#+ /m;
/** What of a line of code or of a shell is a comment, but not what a program prints. */
const COMMENT = /\s*(\/\/|#) .*\p{L}.*$/u;

const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([whole, part]) => part ?? whole);

/** Blocks of code in their order; comments are in the reader's language, and a console says what it says. */
const blocks = (text: string): string[] =>
  [...text.matchAll(BLOCK)].map(([, kind, code]) => {
    const lines = code.split("\n");
    return [kind, ...(kind === "console" ? lines : lines.map((line) => line.replace(COMMENT, "")))].join("\n");
  });

/** What stands below each heading. */
const sections = (text: string): string[] => withoutBlocks(text).split(HEADING);
const headings = (text: string): string[] => all(withoutBlocks(text), /^(#+) /gm);

/** What of a section both languages share, in an order that does not depend on the sentences'. */
const shared = (section: string) => {
  const words = section.replaceAll(/`[^`]*`|<picture>.*<\/picture>|\]\([^)]*\)/gs, " ");
  return {
    code: all(section, /`([^`]*)`/g).sort(),
    // The guides are read in the language of the README, and so are their headings.
    links: all(section, /\]\(([^)]*)\)/g)
      .filter((link) => !link.startsWith("README"))
      .map((link) => link.replace(/^docs\/zh\//, "docs/").replace(/#.*/, ""))
      .sort(),
    images: all(section, /(?:src|srcset|width)="([^"]*)"/g),
    // Digits of their own: not those of a name such as L1, 1-D or X86.
    numbers: all(words, /(?<![\w-])\d[\d.,]*\d|(?<![\w-])\d(?![\w-])/g).sort(),
  };
};

/** The cells of each row of each table, by what does not depend on the language. */
const rows = (text: string): string[] =>
  all(withoutBlocks(text), /^(\|.*\|)$/gm).map((row) =>
    row
      .split("|")
      .map((cell) =>
        all(cell, /`[^`]*`|\d(?:[\d.,×–-]*[\d×])?/g)
          .sort()
          .join(" "),
      )
      .join("|"),
  );

describe("the README in Chinese", () => {
  it("has the code and the commands of the English one", () => {
    expect(blocks(english).length).toBeGreaterThan(3);
    expect(blocks(chinese)).toEqual(blocks(english));
  });

  it("has its sections, with their links, images, numbers and names", () => {
    expect(headings(chinese)).toEqual(headings(english));
    expect(sections(chinese).map(shared)).toEqual(sections(english).map(shared));
  });

  it("has its tables, row by row", () => {
    expect(rows(english).length).toBeGreaterThan(15);
    expect(rows(chinese)).toEqual(rows(english));
  });

  it("is in Chinese, but for names", () => {
    const paragraphs = withoutBlocks(chinese).split(/\n\n|^- /m);
    for (const text of paragraphs.filter((p) => p.trim() !== "")) expect(text).toMatch(/\p{Script=Han}|^#+ Studio$/u);
  });

  it("leads to the guides in Chinese", async () => {
    const guides = all(chinese, /\]\((docs\/[^)#]*)/g);
    expect(guides.length).toBeGreaterThan(10);
    expect(guides.filter((guide) => !guide.startsWith("docs/zh/"))).toEqual([]);
    for (const guide of guides) expect((await stat(join(ROOT, guide))).isFile(), guide).toBe(true);
  });

  it("and the English one lead to each other", () => {
    expect(english).toContain("(README.zh-CN.md)");
    expect(chinese).toContain("(README.md)");
  });
});

describe("the pictures of the README", () => {
  const pictures = [...english.matchAll(/<picture>(.*)<\/picture>/g)].map(([, inside]) => inside);

  it("are all that there are, light and dark, and small", async () => {
    const files = pictures.flatMap((inside) => all(inside, /(?:src|srcset)="([^"]*)"/g));
    const there = (await readdir(join(ROOT, IMAGES))).map((name) => `${IMAGES}/${name}`);
    expect(files.sort()).toEqual(there.sort());
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(ROOT, file))).size));
    for (const [i, size] of sizes.entries()) expect(size, files[i]).toBeLessThan(150 * 1024);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1024 * 1024);
  });

  it.each(pictures)("number %# has a dark form and says what it shows", (inside) => {
    const name = /src="docs\/images\/([\w-]+)-light\.webp"/.exec(inside)?.[1];
    expect(inside).toContain(`<source media="(prefers-color-scheme: dark)" srcset="${IMAGES}/${name}-dark.webp">`);
    expect(/ alt="([^"]+)"/.exec(inside)?.[1]).toMatch(/\w+ \w+/);
  });
});
