// The site: guides, reference, playground and notes as static files, in English and Chinese.
import { defineConfig, type MarkdownEnv } from "vitepress";
import { chinese, english } from "./navigation.js";
import { plainOutside } from "./outside.js";
import { namedColumns } from "./tables.js";

/** Splits Chinese into words, which have no spaces between them. Runs in the reader's browser, so it stands by itself. */
const words = (text: string): string[] =>
  [...new Intl.Segmenter("zh", { granularity: "word" }).segment(text)].map(({ segment }) => segment.toLowerCase());

/** What the index needs of the renderer of pages. */
interface Markdown {
  readonly options: { highlight?: unknown };
  set(options: { highlight: never }): unknown;
  render(source: string, env: MarkdownEnv): string;
}

/** A page for the index of the search, which reads words alone: colors of code would cost more than all else. */
function withoutColors(source: string, env: MarkdownEnv, markdown: Markdown): string {
  const { highlight } = markdown.options;
  markdown.set({ highlight: null as never });
  const html = markdown.render(source, env);
  markdown.set({ highlight: highlight as never });
  return html;
}

/** Any static host, under any path: BASE=/tidu/ npm run site. */
const base = process.env.BASE ?? "/";

export default defineConfig({
  title: "Tidu",
  description: "Train neural networks in TypeScript, in Node and in browsers",
  base,
  head: [["link", { rel: "icon", href: `${base}icon.svg` }]],
  cleanUrls: false,
  lastUpdated: false,
  locales: {
    root: { label: "English", lang: "en", ...english },
    zh: { label: "中文", lang: "zh-CN", description: "用 TypeScript 训练神经网络，在 Node 与浏览器中", ...chinese },
  },
  // The playground and the notes are pages of their own beside these.
  ignoreDeadLinks: [/\/studio\//],
  markdown: {
    config: (markdown) => {
      plainOutside(markdown);
      namedColumns(markdown);
    },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    search: {
      provider: "local",
      options: {
        _render: withoutColors,
        miniSearch: { options: { tokenize: words }, searchOptions: { prefix: true, fuzzy: 0.1 } },
        locales: {
          zh: {
            translations: {
              button: { buttonText: "搜索", buttonAriaLabel: "搜索" },
              modal: {
                noResultsText: "没有结果：",
                resetButtonTitle: "清除",
                footer: { selectText: "打开", navigateText: "选择", closeText: "关闭" },
              },
            },
          },
        },
      },
    },
  },
  vite: { worker: { format: "es" } },
});
