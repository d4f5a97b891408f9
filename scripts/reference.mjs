// Writes the site's reference from the doc comments, as Markdown. The English pages show the comments; the Chinese pages
// have Chinese headings, and the comments' Chinese texts (reference-bodies.mjs).
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ReflectionKind } from "typedoc";
import { chineseBodies, inOneLine, readComments, textsIn } from "./reference-bodies.mjs";
import { SOURCES } from "./sources.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const DOCS = at("docs");

/** Headings of the reference as those of other pages. */
const SENTENCE_CASE = {
  kind_plural_type_alias: "Type aliases",
  kind_plural_type_parameter: "Type parameters",
  kind_call_signature: "Call signature",
  kind_get_signature: "Get signature",
  kind_set_signature: "Set signature",
  kind_type_literal: "Type literal",
  theme_type_declaration: "Type declaration",
  theme_union_members: "Union members",
};
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
    "Type aliases": "类型别名",
    Variables: "变量",
    Functions: "函数",
    References: "转出的名称",
    Constructors: "构造函数",
    Properties: "属性",
    Accessors: "访问器",
    Methods: "方法",
  }),
);

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
    locales: { en: SENTENCE_CASE, zh: WORDS },
  };
  const { app, project } = await readComments(options, ["typedoc-plugin-markdown", "typedoc-vitepress-theme"]);
  const nameOf = new Map(Object.entries(SOURCES).map(([name, file]) => [file, name]));
  for (const module of project.children ?? []) {
    const file = module.sources?.[0]?.fullFileName ?? "";
    module.name = nameOf.get(file) ?? module.name;
  }
  await write(app, project, `${DOCS}/api`);
  translate(project);
  app.options.setValue("lang", "zh");
  app.internationalization.setLocale("zh");
  app.options.setValue("out", `${DOCS}/zh/api`);
  await write(app, project, `${DOCS}/zh/api`);
}

/**
 * @param {import("typedoc").Application} app
 * @param {import("typedoc").ProjectReflection} project
 * @param {string} folder
 */
async function write(app, project, folder) {
  rmSync(folder, { recursive: true, force: true });
  await app.generateOutputs(project);
  for (const name of readdirSync(folder, { recursive: true }).map(String)) {
    if (!name.endsWith(".md")) continue;
    writeFileSync(`${folder}/${name}`, withAnchors(readFileSync(`${folder}/${name}`, "utf8")));
  }
}

/** Links to headings of the page, without the number at the end where only one heading has the name. */
function withAnchors(/** @type {string} */ text) {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(/[^\w-]/g, ""));
  return text.replaceAll(/\]\(#([\w-]+)-1\)/g, (link, name) =>
    headings.filter((heading) => heading === name).length > 1 ? link : `](#${name})`,
  );
}

/** Puts Chinese texts in the place of comments. `npm run check` lists comments without one. */
function translate(/** @type {import("typedoc").ProjectReflection} */ project) {
  const bodies = chineseBodies();
  for (const { parts, put } of textsIn(project)) {
    const chinese = bodies.get(inOneLine(parts));
    if (chinese !== undefined) put([{ kind: "text", text: chinese }]);
  }
  for (const { groups } of project.getReflectionsByKind(ReflectionKind.All).concat(project).map(groupsOf))
    for (const group of groups) group.title = GROUPS.get(group.title) ?? group.title;
}

const groupsOf = (/** @type {import("typedoc").Reflection} */ reflection) => ({
  groups: /** @type {import("typedoc").ContainerReflection} */ (reflection).groups ?? [],
});
