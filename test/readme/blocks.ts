// The code blocks of the README and of the guides, with what a comment before them says about running them.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Block {
  readonly page: string;
  readonly language: string;
  /** What the reader sees. */
  readonly code: string;
  /** The program: the code after the lines of a comment `<!-- first: … -->`, which the reader does not see. */
  readonly program: string;
  /** Set by a comment `<!-- only typed: why -->`: the code is checked but not run. */
  readonly onlyTyped: boolean;
}

/** Pages in English, by their paths in the repository; the reference is made, not written. */
export async function pagesOf(folder: string): Promise<string[]> {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  return names
    .filter((name) => name.endsWith(".md") && !/^(api|zh|\.vitepress)\//.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();
}

const BLOCK = /(?:<!-- (first|only typed):\s(.*?)-->\n)?^```(\w+)\n(.*?)^```$/gms;

/** A page without its blocks. */
export const withoutBlocks = (page: string): string => page.replaceAll(/^```.*?^```$/gms, "");

/** All blocks of a page that are in one of these languages. */
export async function blocksOf(page: string, ...languages: string[]): Promise<Block[]> {
  const text = await readFile(join(ROOT, page), "utf8");
  return [...text.matchAll(BLOCK)]
    .map(([, kind, note, language, code]) => ({
      page,
      language,
      code,
      program: kind === "first" ? note + code : code,
      onlyTyped: kind === "only typed",
    }))
    .filter(({ language }) => languages.includes(language));
}
