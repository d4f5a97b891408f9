// Builds the site: the reference from the doc comments, the guides by VitePress, and the studio's pages beside them.
// `npm run site` writes docs/.vitepress/dist; BASE=/path/ is for a host that serves it below a path.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application } from "typedoc";
import { build } from "vitepress";
import { SOURCES } from "./sources.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const DOCS = at("docs");
const SITE = `${DOCS}/.vitepress/dist`;

/** Writes the reference as Markdown, a file for each part of the packages. */
async function writeReference() {
  rmSync(`${DOCS}/api`, { recursive: true, force: true });
  const options = {
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
  await app.generateOutputs(project);
  for (const name of readdirSync(`${DOCS}/api`, { recursive: true }).map(String)) {
    if (!name.endsWith(".md")) continue;
    const text = readFileSync(`${DOCS}/api/${name}`, "utf8");
    writeFileSync(`${DOCS}/api/${name}`, withAnchors(text));
  }
}

/** Links to a heading of the page, without a number at their end where only one heading has the name. */
function withAnchors(/** @type {string} */ text) {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(/[^\w-]/g, ""));
  return text.replaceAll(/\]\(#([\w-]+)-1\)/g, (link, name) =>
    headings.filter((heading) => heading === name).length > 1 ? link : `](#${name})`,
  );
}

/**
 * Builds the site for a path of its host, from packages and studio as they were built last.
 *
 * @param {string} base "/", or a path that begins and ends with a slash
 * @returns {Promise<string>} the folder that it is in
 */
export async function buildSite(base) {
  await writeReference();
  // VitePress reads its configuration when it builds.
  process.env.BASE = base;
  await build(DOCS);
  cpSync(at("packages/cli/dist/studio/site"), `${SITE}/studio`, { recursive: true });
  return SITE;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`the site is in ${await buildSite(process.env.BASE ?? "/")}`);
}
