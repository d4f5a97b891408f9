// Tables become lists on a phone, as the studio's tables of many columns do: each cell then has its column's name before it,
// which is why cells carry it.

interface Token {
  readonly type: string;
  readonly content: string;
  attrSet(name: string, value: string): void;
}

interface Markdown {
  readonly core: {
    readonly ruler: { push(name: string, rule: (state: { readonly tokens: readonly Token[] }) => void): void };
  };
}

/** What stands in a cell, without the marks of code and of emphasis. */
const plain = (content: string): string => content.replace(/[`*]|\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/\\(.)/g, "$1");

/** A plugin for Markdown: cells of tables say which column they are in. */
export function namedColumns(markdown: Markdown): void {
  markdown.core.ruler.push("named-columns", ({ tokens }) => {
    let names: string[] = [];
    let column = 0;
    for (const [i, token] of tokens.entries()) {
      if (token.type === "table_open") names = [];
      else if (token.type === "th_open") names.push(plain(tokens[i + 1].content));
      else if (token.type === "tr_open") column = 0;
      else if (token.type === "td_open") token.attrSet("data-column", names[column++]);
    }
  });
}
