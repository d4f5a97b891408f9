// Builds the site: the reference from the doc comments, the guides by VitePress, and the studio's pages beside them.
// BASE=/path/ node scripts/site.mjs: for a host that serves it below a path.
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application } from "typedoc";
import { build } from "vitepress";
import { SOURCES } from "./sources.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const DOCS = at("docs");
const SITE = `${DOCS}/.vitepress/dist`;

rmSync(`${DOCS}/api`, { recursive: true, force: true });
const reference = await Application.bootstrapWithPlugins({
  options: at("typedoc.json"),
  plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme"],
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
});
const project = await reference.convert();
if (project === undefined) throw new Error("site: the sources do not compile; npm run build says why");
const nameOf = new Map(Object.entries(SOURCES).map(([name, file]) => [file, name]));
for (const module of project.children ?? []) {
  const file = module.sources?.[0]?.fullFileName ?? "";
  module.name = nameOf.get(file) ?? module.name;
}
await reference.generateOutputs(project);

await build(DOCS);
cpSync(at("packages/cli/dist/studio/site"), `${SITE}/studio`, { recursive: true });
console.log(`the site is in ${SITE}`);
