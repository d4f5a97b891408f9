/** Where the keys of a JSON text stand. */
export interface JsonKeys {
  /** Character position of each key of the outermost object. */
  readonly outermost: ReadonlyMap<string, number>;
  /** The first key that its object already has, if there is one: JSON.parse would silently keep the last. */
  readonly duplicate: { readonly key: string; readonly position: number } | undefined;
}

/** Finds the keys in `json`, which must be valid JSON. */
export function jsonKeys(json: string): JsonKeys {
  const outermost = new Map<string, number>();
  const enclosing: Set<string>[] = [];
  let text = { start: 0, end: 0 };
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === "{" || character === "[") enclosing.push(new Set());
    else if (character === "}" || character === "]") enclosing.pop();
    else if (character === '"') {
      text = { start: at, end: stringEnd(json, at) };
      at = text.end - 1;
    } else if (character === ":") {
      const key: string = JSON.parse(json.slice(text.start, text.end));
      const siblings = enclosing[enclosing.length - 1];
      if (siblings.has(key)) return { outermost, duplicate: { key, position: text.start } };
      siblings.add(key);
      if (enclosing.length === 1) outermost.set(key, text.start);
    }
  }
  return { outermost, duplicate: undefined };
}

/** Position after the closing quote of the string that opens at `start`. */
function stringEnd(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}
