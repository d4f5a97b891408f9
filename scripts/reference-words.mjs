// Reads the short Chinese descriptions of public names from docs/.vitepress/reference. They are maintained by hand, in
// the words of the glossary. `npm run check` lists names without one.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../docs/.vitepress/reference/", import.meta.url));

/** @typedef {Record<string, Record<string, string>>} Descriptions by the part of a package, then by name */

/** @returns {Descriptions} */
export function chineseDescriptions() {
  /** @type {Descriptions} */
  const all = {};
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(".json")))
    for (const [part, descriptions] of Object.entries(JSON.parse(readFileSync(FOLDER + name, "utf8"))))
      all[part] = { ...all[part], ...descriptions };
  return all;
}
