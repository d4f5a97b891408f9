// The Chinese texts of doc comments, by their English texts. docs/.vitepress/reference/bodies has them; a comment that has
// changed has no Chinese text any more, and test/site/reference.test.ts names the one that is left over.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application, ReflectionKind } from "typedoc";

const FOLDER = fileURLToPath(new URL("../docs/.vitepress/reference/bodies/", import.meta.url));

/** @typedef {import("typedoc").CommentDisplayPart[]} Parts */

/** @returns {Map<string, string>} Chinese texts by the English ones, each in one line. */
export function chineseBodies() {
  const files = readdirSync(FOLDER).map((name) => JSON.parse(readFileSync(FOLDER + name, "utf8")));
  return new Map(files.flatMap((texts) => Object.entries(texts)));
}

/** A text of a comment in one line. */
export const inOneLine = (/** @type {Parts} */ parts) =>
  parts
    .map(({ text }) => text)
    .join("")
    .replaceAll(/\s+/g, " ")
    .trim();

/**
 * What the sources' doc comments say, as TypeDoc reads it.
 *
 * @param {object} [options] more options of TypeDoc
 * @param {string[]} [plugin] TypeDoc's plugins
 */
export async function readComments(options = {}, plugin = []) {
  const own = { options: fileURLToPath(new URL("../typedoc.json", import.meta.url)), plugin, readme: "none" };
  // The build has already checked for errors. The plugins define further options.
  const app = await Application.bootstrapWithPlugins(
    /** @type {object} */ ({ ...own, skipErrorChecking: true, ...options }),
  );
  const project = await app.convert();
  if (project === undefined) throw new Error("site: the sources do not compile; npm run build says why");
  return { app, project };
}

/**
 * Every text in the comments of a reflection and of all in it: summaries, and what a tag says; not examples.
 *
 * @param {import("typedoc").Reflection} top
 * @returns {Generator<{ parts: Parts, kind: "summary" | "parameter" | "tag", name: string, put: (parts: Parts) => void }>}
 */
export function* textsIn(top) {
  /** @type {import("typedoc").Reflection[]} */
  const inside = [];
  top.traverse((reflection) => void inside.push(reflection));
  const { comment } = top;
  if (comment !== undefined) {
    const kind = top.kindOf(ReflectionKind.Parameter) ? "parameter" : "summary";
    const put = (/** @type {Parts} */ parts) => void (comment.summary = parts);
    if (comment.summary.length > 0) yield { parts: comment.summary, kind, name: top.getFriendlyFullName(), put };
    for (const tag of comment.blockTags)
      if (tag.tag !== "@example") {
        const put = (/** @type {Parts} */ parts) => void (tag.content = parts);
        yield { parts: tag.content, kind: "tag", name: `${top.getFriendlyFullName()} ${tag.tag}`, put };
      }
  }
  for (const reflection of inside) yield* textsIn(reflection);
}
