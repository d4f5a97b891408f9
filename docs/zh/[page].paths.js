// The reference is made of doc comments, in English: each of its pages has a page in Chinese that says so.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DOCS = fileURLToPath(new URL("..", import.meta.url));
const base = process.env.BASE ?? "/";
const written = (/** @type {string} */ folder) =>
  new Set(
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".md")),
  );

export default {
  paths() {
    const chinese = written(`${DOCS}zh`);
    return [...written(DOCS)]
      .filter((name) => !/^(zh|\.vitepress|public)\//.test(name) && !chinese.has(name))
      .map((name) => {
        const page = name.replace(/\.md$/, "");
        const title = /^# (.+)$/m.exec(readFileSync(DOCS + name, "utf8"))?.[1] ?? page;
        return { params: { page, title: title.replaceAll(/[`\\]/g, ""), english: `${base}${page}.html` } };
      });
  },
};
