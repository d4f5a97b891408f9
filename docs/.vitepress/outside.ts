// Pages of docs/ are also read in the repository, where they link to its files. The site has no such files: there the
// link's text stands alone.

interface Token {
  type: string;
  content: string;
  children: Token[] | null;
  attrGet(name: string): string | null;
}

interface Markdown {
  core: {
    ruler: { push(name: string, rule: (state: { tokens: Token[]; env: { relativePath?: string } }) => void): void };
  };
}

/** Whether an address leads out of docs/, seen from a page. */
export function leadsOutside(href: string, page: string): boolean {
  if (/^[a-z]+:|^[#/]/i.test(href)) return false;
  const up = href.split("/").filter((part) => part === "..").length;
  return up > page.split("/").length - 1;
}

/** A plugin for Markdown: links that lead out of docs/ become text. */
export function plainOutside(markdown: Markdown): void {
  markdown.core.ruler.push("plain-outside", ({ tokens, env }) => {
    for (const { children } of tokens) {
      let open = false;
      for (const token of children ?? []) {
        if (token.type === "link_open") open = leadsOutside(token.attrGet("href") ?? "", env.relativePath ?? "");
        if (!open || (token.type !== "link_open" && token.type !== "link_close")) continue;
        open = token.type === "link_open";
        token.type = "text";
        token.content = "";
      }
    }
  });
}
