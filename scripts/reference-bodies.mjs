// The Chinese texts of doc comments, by their English texts. docs/.vitepress/reference/bodies has them. A comment that has
// changed has no Chinese text any more; `npm run check` names it, and the Chinese text that is left over.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application, makeRecursiveVisitor, ReflectionKind } from "typedoc";

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
 * @returns {Generator<{ parts: Parts, name: string, put: (parts: Parts) => void }>}
 */
export function* textsIn(top) {
  /** @type {Set<import("typedoc").Reflection>} */
  const inside = new Set();
  top.traverse((reflection) => void inside.add(reflection));
  // Those in unions and lists, which no traversal of reflections reaches.
  const { type } = /** @type {import("typedoc").DeclarationReflection} */ (top);
  type?.visit(makeRecursiveVisitor({ reflection: ({ declaration }) => void inside.add(declaration) }));
  const { comment } = top;
  if (comment !== undefined) {
    const put = (/** @type {Parts} */ parts) => void (comment.summary = parts);
    if (comment.summary.length > 0) yield { parts: comment.summary, name: top.getFriendlyFullName(), put };
    for (const tag of comment.blockTags)
      if (tag.tag !== "@example") {
        const put = (/** @type {Parts} */ parts) => void (tag.content = parts);
        yield { parts: tag.content, name: `${top.getFriendlyFullName()} ${tag.tag}`, put };
      }
  }
  for (const reflection of inside) yield* textsIn(reflection);
}

/** Public names that need a comment: all but properties and constructors, which may say it all by their names. */
const NAMED =
  ReflectionKind.Namespace |
  ReflectionKind.ClassOrInterface |
  ReflectionKind.TypeAlias |
  ReflectionKind.Variable |
  ReflectionKind.FunctionOrMethod |
  ReflectionKind.Accessor;

/** What the reference lacks, in either language. */
export function referenceProblems(/** @type {import("typedoc").ProjectReflection} */ project) {
  const bodies = chineseBodies();
  const english = new Map([...textsIn(project)].map(({ name, parts }) => [inOneLine(parts), name]));
  english.delete("");
  return [
    ...project
      .getReflectionsByKind(NAMED)
      .filter((reflection) => !isSaid(/** @type {import("typedoc").DeclarationReflection} */ (reflection)))
      .map((reflection) => `${reflection.getFriendlyFullName()} has no doc comment; write one`),
    ...[...english]
      .filter(([text]) => !bodies.has(text))
      .map(([text, name]) => `${name} has no Chinese text in docs/.vitepress/reference/bodies; add one for "${text}"`),
    ...[...bodies.keys()]
      .filter((text) => !english.has(text))
      .map((text) => `docs/.vitepress/reference/bodies: no doc comment says "${text}" any more; translate it again`),
  ];
}

const isSaid = (/** @type {import("typedoc").DeclarationReflection} */ reflection) =>
  [reflection, ...(reflection.signatures ?? []), reflection.getSignature].some((one) => one?.comment !== undefined);
