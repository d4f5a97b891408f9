// Writes the site's reference from the doc comments, as Markdown. The English pages show the comments; the Chinese
// pages have Chinese headings, and the comments' Chinese texts (reference-bodies.mjs). What has none stays in English there
// and is marked as English, after a short description of the name.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Comment, ReflectionKind } from "typedoc";
import { chineseBodies, inOneLine, readComments, textsIn } from "./reference-bodies.mjs";
import { chineseDescriptions } from "./reference-words.mjs";
import { SOURCES } from "./sources.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const DOCS = at("docs");

/** Words that TypeDoc does not translate itself. */
const WORDS = {
  theme_default_value: "默认值",
  theme_default_type: "默认类型",
  theme_description: "说明",
  theme_event: "事件",
  theme_re_exports: "转出",
  theme_renames_and_re_exports: "改名并转出",
  theme_extends: "继承",
  theme_extended_by: "被继承",
  theme_globals: "全局",
  theme_member: "成员",
  theme_member_plural: "成员",
  theme_modifier: "修饰符",
  theme_name: "名称",
  theme_package: "包",
  theme_packages: "包",
  theme_type: "类型",
  theme_union_members: "联合的成员",
  theme_value: "值",
  theme_version: "版本",
  kind_plural_reference: "转出的名称",
  tag_example: "示例",
  tag_throws: "抛出",
};
/** Titles that TypeDoc sets in English when it reads the comments. */
const GROUPS = new Map(
  Object.entries({
    Modules: "模块",
    Namespaces: "命名空间",
    Classes: "类",
    Interfaces: "接口",
    "Type Aliases": "类型别名",
    Variables: "变量",
    Functions: "函数",
    References: "转出的名称",
    Constructors: "构造函数",
    Properties: "属性",
    Accessors: "访问器",
    Methods: "方法",
  }),
);
const NOTE =
  "::: info 关于语言\n常用名称的说明已译成中文。其余说明保留源代码中的英文原文，前面有一句中文简介；" +
  "英文说明改变之后，相应的译文即失效，重新显示英文，因此这里的中文总与代码一致。\n:::";
/** Marks around English text on a Chinese page, as paragraphs or within a line. HTML in comments does not get through. */
const MARKS = {
  summary: ["%%english%%\n\n", "\n\n%%chinese%%"],
  parameter: ["%%en%%", "%%zh%%"],
  tag: ["%%english%%\n\n", "\n\n%%chinese%%"],
};

/** Writes docs/api and docs/zh/api, with a page for each subpath of the packages. */
export async function writeReference() {
  const options = {
    docsRoot: DOCS,
    out: `${DOCS}/api`,
    outputFileStrategy: "modules",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    // Comments contain shapes such as [n, c] and types such as List<T>, which are not HTML.
    sanitizeComments: true,
    useCodeBlocks: true,
    expandObjects: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "list",
    // Links to the repository's files would depend on its host.
    sourceLinkTemplate: "",
    locales: { zh: WORDS },
  };
  const { app, project } = await readComments(options, ["typedoc-plugin-markdown", "typedoc-vitepress-theme"]);
  const nameOf = new Map(Object.entries(SOURCES).map(([name, file]) => [file, name]));
  for (const module of project.children ?? []) {
    const file = module.sources?.[0]?.fullFileName ?? "";
    module.name = nameOf.get(file) ?? module.name;
  }
  await write(app, project, `${DOCS}/api`, withAnchors);
  translate(project);
  app.options.setValue("lang", "zh");
  app.internationalization.setLocale("zh");
  app.options.setValue("out", `${DOCS}/zh/api`);
  await write(app, project, `${DOCS}/zh/api`, (text) => inChinese(withAnchors(text)));
}

/**
 * @param {import("typedoc").Application} app
 * @param {import("typedoc").ProjectReflection} project
 * @param {string} folder
 * @param {(text: string) => string} change what is done with each page
 */
async function write(app, project, folder, change) {
  rmSync(folder, { recursive: true, force: true });
  await app.generateOutputs(project);
  for (const name of readdirSync(folder, { recursive: true }).map(String)) {
    if (!name.endsWith(".md")) continue;
    writeFileSync(`${folder}/${name}`, change(readFileSync(`${folder}/${name}`, "utf8")));
  }
}

/** Links to headings of the page, without the number at the end where only one heading has the name. */
function withAnchors(/** @type {string} */ text) {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(/[^\w-]/g, ""));
  return text.replaceAll(/\]\(#([\w-]+)-1\)/g, (link, name) =>
    headings.filter((heading) => heading === name).length > 1 ? link : `](#${name})`,
  );
}

/** Puts Chinese texts in the place of comments. `npm run check` lists names without a short description. */
function translate(/** @type {import("typedoc").ProjectReflection} */ project) {
  const all = chineseDescriptions();
  for (const module of project.children ?? []) describeIn(module, "", all[module.name] ?? {});
  const bodies = chineseBodies();
  const text = (/** @type {string} */ words) => /** @type {const} */ ({ kind: "text", text: words });
  for (const { parts, kind, put } of textsIn(project)) {
    const [first] = parts;
    // A short description in front of a text that has a Chinese one says nothing more.
    const short = first !== undefined && SHORT.has(first);
    const english = short ? parts.slice(1) : parts;
    if (english.length === 0) continue;
    const chinese = bodies.get(inOneLine(english));
    const [open, close] = MARKS[kind];
    if (chinese !== undefined) put([text(chinese)]);
    else put([...(short ? [first] : []), text(open), ...english, text(close)]);
  }
  for (const { groups } of project.getReflectionsByKind(ReflectionKind.All).concat(project).map(groupsOf))
    for (const group of groups) group.title = GROUPS.get(group.title) ?? group.title;
}

const groupsOf = (/** @type {import("typedoc").Reflection} */ reflection) => ({
  groups: /** @type {import("typedoc").ContainerReflection} */ (reflection).groups ?? [],
});

/**
 * @param {import("typedoc").DeclarationReflection} parent
 * @param {string} prefix of the names in it
 * @param {Record<string, string>} descriptions
 */
function describeIn(parent, prefix, descriptions) {
  for (const child of parent.children ?? []) {
    if (child.kindOf(ReflectionKind.Reference)) continue;
    const name = prefix + child.name;
    for (const target of child.signatures ?? [child]) describe(target, descriptions[name]);
    if (child.getSignature !== undefined) describe(child.getSignature, descriptions[name]);
    describeIn(child, child.kindOf(ReflectionKind.SomeModule) ? `${name}.` : `${name}#`, descriptions);
  }
}

/** Short descriptions, in front of comments.
 * @type {Set<import("typedoc").CommentDisplayPart>}
 */
const SHORT = new Set();

/**
 * @param {import("typedoc").Reflection} reflection
 * @param {string | undefined} chinese
 */
function describe(reflection, chinese) {
  if (chinese === undefined) return;
  const short = /** @type {const} */ ({ kind: "text", text: `${chinese}\n\n` });
  SHORT.add(short);
  reflection.comment ??= new Comment();
  reflection.comment.summary = [short, ...reflection.comment.summary];
}

/** A page with its note about the language, and with its English texts marked as English. */
function inChinese(/** @type {string} */ text) {
  return text
    .replaceAll("%%english%%", '<div class="english" lang="en">')
    .replaceAll("%%chinese%%", "</div>")
    .replaceAll("%%en%%", '<span lang="en">')
    .replaceAll("%%zh%%", "</span>")
    .replace(/^# .+$/m, (title) => `${title}\n\n${NOTE}`);
}
