// The pages in Chinese: each page has a page in English with the same code, links, tables and numbers.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chinese, english } from "../../docs/.vitepress/navigation.js";
import { blocksOf, pagesOf, ROOT, withoutBlocks } from "./blocks.js";

const LANGUAGES = ["ts", "js", "javascript", "python", "sh", "html", "http", "console"];
const pages = await pagesOf("docs");
const chineseOf = (page: string): string => page.replace(/^docs/, "docs/zh");
const text = (page: string): Promise<string> => readFile(join(ROOT, page), "utf8");
const count = (page: string, pattern: RegExp): number => withoutBlocks(page).match(pattern)?.length ?? 0;
/** What stands below each heading, without code and the addresses of links. */
const parts = (page: string): string[] =>
  withoutBlocks(page)
    .replaceAll(/<!--.*?-->|`[^`]*`|\]\([^)]*\)/gs, " ")
    .split(/^#+ /m);
/** Numbers of two digits or more, which stand as digits in both languages; a month's number only does in Chinese. */
const numbers = (part: string): string[] =>
  [...part.replaceAll(/\d+(?= 月)/g, "").matchAll(/(?<![\p{L}\d-])\d[\d,.]*\d(?!(?!th)[\p{L}\d])/gu)]
    .map(([number]) => number)
    .sort();

describe.each(pages)("%s in Chinese", (page) => {
  it("has the same code", async () => {
    const [english, chinese] = await Promise.all([page, chineseOf(page)].map((p) => blocksOf(p, ...LANGUAGES)));
    expect(chinese.map(({ code }) => code)).toEqual(english.map(({ code }) => code));
  });

  it("has the same headings, links and rows of tables", async () => {
    const [english, chinese] = await Promise.all([text(page), text(chineseOf(page))]);
    for (const pattern of [/^#+ /gm, /\]\([^)]+\)/g, /^\|/gm, /^[-*] /gm]) {
      expect(count(chinese, pattern), String(pattern)).toBe(count(english, pattern));
    }
  });

  it("has the same numbers in each part", async () => {
    const [english, chinese] = await Promise.all([text(page), text(chineseOf(page))]);
    expect(parts(chinese).map(numbers)).toEqual(parts(english).map(numbers));
  });

  it("is in Chinese", async () => {
    const paragraphs = withoutBlocks(await text(chineseOf(page)))
      .replace(/^---.*?^---$/ms, "")
      .split(/\n\n/)
      .filter((part) => /\p{L}/u.test(part.replaceAll(/^<<< .*$|<[^>]*>|`[^`]*`/g, "")));
    for (const part of paragraphs) expect(part).toMatch(/\p{Script=Han}|^#+ \w+$|^\| Tidu \|/u);
  });
});

it.each([
  ["English", english],
  ["Chinese", chinese],
])("the menu in %s calls every page by its title", async (_, { themeConfig }) => {
  const entries = themeConfig.sidebar.flatMap(({ items }) => items);
  expect(entries.length).toBeGreaterThan(20);
  for (const { text: name, link } of entries) {
    const [, title = ""] = /^# (.*)$/m.exec(await text(`docs${link}.md`)) ?? [];
    expect(title.split(/[:：]/)[0], link).toContain(name);
  }
});
