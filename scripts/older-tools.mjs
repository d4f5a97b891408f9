// Writes files for tools that do not read "exports" or do not support modules: CommonJS declarations beside those of
// the modules, and for each subpath of a package a folder whose package.json points to its files. Declarations that no
// public one needs stay out of the published package. Every build writes these files anew.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { publicDeclarations, publicModules } from "./public-files.mjs";

const PACKAGES = ["tidu", "onnx", "cli"];

/** Files whose declarations users need for the types of others, and never read. */
const INSIDE =
  /^(base\/(affine|check)|codegen|compile\/(?!print)|grad|graph|plan|line\/(?!scan|sort)|loop\/(?!scan)|runtime\/(host|wasm\/(heap|worker)|webgpu\/memory)|tensor\/(cell|stored))\b/;

/** Declarations without indentation, which no tool shows. */
const flush = (/** @type {string} */ text) => text.replaceAll(/^ +/gm, "");
/** Declarations without comments either. */
const short = (/** @type {string} */ text) => flush(text.replaceAll(/^\s*\/\*\*.*?\*\/\n/gms, ""));

for (const name of PACKAGES) {
  const folder = fileURLToPath(new URL(`../packages/${name}/`, import.meta.url));
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const dist = join(folder, "dist");
  const needed = await publicDeclarations(folder, exports);
  await shorten(dist, needed);
  const isBundled = Object.values(exports).some((entry) => "require" in Object(entry));
  // The other modules are in the bundles, which Node reads.
  await publishOnly(dist, needed, isBundled ? await publicModules(folder, exports) : undefined);
  if (isBundled) await declareForCommonJs(dist, needed);
  for (const [subpath, entry] of Object.entries(exports)) {
    if (subpath !== "." && typeof entry === "object") await point(folder, subpath, entry);
  }
}

/** Tests read the types of internal modules. Users cannot import those modules, so npm leaves the types out. */
async function publishOnly(dist, needed, modules) {
  const all = await readdir(dist, { recursive: true });
  const isInside = (path) =>
    path.endsWith(".d.ts") ? !needed.has(path) : modules && /^(?!bundle\/).*\.js$/.test(path) && !modules.has(path);
  const inside = all.filter(isInside).map((path) => `/${path}`);
  await writeFile(join(dist, ".npmignore"), `${[".tsbuildinfo", ...inside.sort()].join("\n")}\n`);
}

/** Removes indentation, and the comments of the inside: they would be more than a hundredth of the package. */
async function shorten(dist, needed) {
  for (const path of needed) {
    const text = await readFile(join(dist, path), "utf8");
    const kept = INSIDE.test(path) ? short(text) : flush(text);
    if (kept !== text) await writeFile(join(dist, path), kept);
  }
}

/** Copies each needed declaration file, with its imports pointing to such copies. */
async function declareForCommonJs(dist, needed) {
  for (const path of await readdir(dist, { recursive: true })) if (path.endsWith(".d.cts")) await rm(join(dist, path));
  for (const path of needed) {
    const text = await readFile(join(dist, path), "utf8");
    await writeFile(
      join(dist, path.replace(/ts$/, "cts")),
      // The modules' declarations have the comments. A second copy would be a tenth of the package.
      short(text).replaceAll(/((?:from|import\()\s*"\.[^"]*\.)js"/g, '$1cjs"'),
    );
  }
}

/**
 * The folder `data` that tools without "exports" find for `import "tidu/data"`. Its package.json points to the files.
 */
async function point(folder, subpath, entry) {
  const place = join(folder, subpath);
  const modules = entry.import ?? entry;
  const from = (path) => relative(place, join(folder, path)).replaceAll("\\", "/");
  const manifest = {
    main: from(entry.require?.default ?? modules.default),
    module: from(modules.default),
    types: from(modules.types),
  };
  await mkdir(place, { recursive: true });
  await writeFile(join(place, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
