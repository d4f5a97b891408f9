// Sets the formulas of the notes at build time, so that no page loads what sets them: 60 KB, compressed.
import { DOMParser } from "linkedom";
import temml from "temml";
import type { Plugin } from "vite";
import type { Mathml } from "./src/ui/formula.js";

const SET = new URL("./src/ui/formula.tsx", import.meta.url).pathname;
const TAG = /<Formula\s+(block\s+)?tex=\{String\.raw`([^`]*)`\}/g;
const STRING = /"(?:[^"\\]|\\.)*"/g;

/** Every formula that a module has: in a tag, or between dollar signs in its texts. */
function formulasIn(code: string, id: string): [key: string, tex: string, block: boolean][] {
  const tags = [...code.matchAll(TAG)].map(([, block, tex]) => [tex, block !== undefined] as const);
  const texts = id.endsWith(".words.ts") ? [...code.matchAll(STRING)].map(([text]) => JSON.parse(text) as string) : [];
  const within = texts.flatMap((text) => text.split("$").filter((_, i) => i % 2 === 1));
  return [...tags, ...within.map((tex) => [tex, false] as const)].map(([tex, block]) => [
    keyOf(tex, block),
    tex,
    block,
  ]);
}

const keyOf = (tex: string, block: boolean): string => (block ? `block ${tex}` : tex);

/** MathML as data: the policy of the pages forbids style attributes in text. */
function asData(element: Element): Mathml {
  const children = [...element.childNodes].map((node) =>
    node.nodeType === 3 ? (node.textContent ?? "") : asData(node as Element),
  );
  const attributes = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
  return [element.localName, attributes, ...children];
}

export function mathml(tex: string, block: boolean): Mathml {
  const text = temml.renderToString(tex, { displayMode: block, throwOnError: true });
  const { documentElement } = new DOMParser().parseFromString(text, "text/xml");
  return asData(documentElement as unknown as Element);
}

/** Each module brings its own formulas along, set. */
export const formulas = (): Plugin => ({
  name: "tidu-formulas",
  enforce: "pre",
  transform: {
    filter: { id: /\/studio\/src\/notes\/.*\.tsx?$/ },
    handler(code, id) {
      const found = formulasIn(code, id);
      if (found.length === 0) return undefined;
      const set = Object.fromEntries(found.map(([key, tex, block]) => [key, mathml(tex, block)]));
      // Before anything else of the module, which may show itself at once.
      return `import { bring as $bring } from ${JSON.stringify(SET)}; $bring(${JSON.stringify(set)}); ${code}`;
    },
  },
});
