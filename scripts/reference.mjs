// Writes the site's reference from the doc comments, as Markdown: in English as they are, and in Chinese with headings, lists
// and a short description of every public name. What a comment says beyond that stays in English, marked as such.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application, Comment, ReflectionKind } from "typedoc";
import { chineseDescriptions } from "./reference-words.mjs";
import { SOURCES } from "./sources.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const DOCS = at("docs");

/** The generator's own words: TypeDoc brings the others. */
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
/** Titles that are given when the comments are read, in English. */
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
  "::: info 关于语言\n每个名称的简短说明是中文的。参数、单位、默认值、错误和公式来自源代码的英文注释，在那里随代码一起检查；" +
  "逐条翻译很快就会与代码不一致，所以保留原文。\n:::";
/** Around a text in English on a page in Chinese; HTML in comments is not let through. */
const [OPEN, CLOSE] = ["%%english%%", "%%chinese%%"];

/** Writes docs/api and docs/zh/api, a page for each part of the packages. */
export async function writeReference() {
  const options = {
    options: at("typedoc.json"),
    plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme"],
    // The build has looked for errors.
    skipErrorChecking: true,
    docsRoot: DOCS,
    out: `${DOCS}/api`,
    readme: "none",
    outputFileStrategy: "modules",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    // Comments speak of shapes such as [n, c] and types such as List<T>, which are no HTML.
    sanitizeComments: true,
    useCodeBlocks: true,
    expandObjects: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "list",
    // Addresses of the repository's files belong to one host.
    sourceLinkTemplate: "",
    locales: { zh: WORDS },
  };
  // The plugins have options of their own.
  const app = await Application.bootstrapWithPlugins(/** @type {object} */ (options));
  const project = await app.convert();
  if (project === undefined) throw new Error("site: the sources do not compile; npm run build says why");
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
 * @param {Application} app
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

/** Links to a heading of the page, without a number at their end where only one heading has the name. */
function withAnchors(/** @type {string} */ text) {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(/[^\w-]/g, ""));
  return text.replaceAll(/\]\(#([\w-]+)-1\)/g, (link, name) =>
    headings.filter((heading) => heading === name).length > 1 ? link : `](#${name})`,
  );
}

/** Gives every reflection its description in Chinese, before what its comment says; `npm run check` says which have none. */
function translate(/** @type {import("typedoc").ProjectReflection} */ project) {
  const all = chineseDescriptions();
  for (const module of project.children ?? []) translateIn(module, "", all[module.name] ?? {});
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
function translateIn(parent, prefix, descriptions) {
  for (const child of parent.children ?? []) {
    if (child.kindOf(ReflectionKind.Reference)) continue;
    const name = prefix + child.name;
    for (const target of child.signatures ?? [child]) describe(target, descriptions[name]);
    if (child.getSignature !== undefined) describe(child.getSignature, descriptions[name]);
    translateIn(child, child.kindOf(ReflectionKind.SomeModule) ? `${name}.` : `${name}#`, descriptions);
  }
}

/**
 * @param {import("typedoc").Reflection} reflection
 * @param {string | undefined} chinese
 */
function describe(reflection, chinese) {
  const summary = reflection.comment?.summary ?? [];
  if (chinese === undefined && summary.length === 0) return;
  const text = (/** @type {string} */ words) => /** @type {const} */ ({ kind: "text", text: words });
  const english = summary.length === 0 ? [] : [text(`${OPEN}\n\n`), ...summary, text(`\n\n${CLOSE}`)];
  reflection.comment ??= new Comment();
  reflection.comment.summary = [...(chinese === undefined ? [] : [text(`${chinese}\n\n`)]), ...english];
}

/** A page with its note about the language, and its texts in English marked as such. */
function inChinese(/** @type {string} */ text) {
  return text
    .replaceAll(OPEN, '<div class="english" lang="en">')
    .replaceAll(CLOSE, "</div>")
    .replace(/^# .+$/m, (title) => `${title}\n\n${NOTE}`);
}
