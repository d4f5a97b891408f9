// What tools look for that read no "exports" or know no modules: declarations for CommonJS beside those of the modules,
// and for each subpath of a package a folder that says where its files are. Declarations that no public one needs are kept
// out of the published package. Made anew by each build.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { publicDeclarations } from "./public-declarations.mjs";

const PACKAGES = ["tidu", "onnx", "cli"];

for (const name of PACKAGES) {
  const folder = fileURLToPath(new URL(`../packages/${name}/`, import.meta.url));
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const dist = join(folder, "dist");
  const needed = await publicDeclarations(folder, exports);
  await publishOnly(dist, needed);
  if (Object.values(exports).some((entry) => "require" in Object(entry))) await declareForCommonJs(dist, needed);
  for (const [subpath, entry] of Object.entries(exports)) {
    if (subpath !== "." && typeof entry === "object") await point(folder, subpath, entry);
  }
}

/** Tests read the types of the inside; people who install the package cannot import it, so npm leaves them out. */
async function publishOnly(dist, needed) {
  const all = await readdir(dist, { recursive: true });
  const inside = all.filter((path) => path.endsWith(".d.ts") && !needed.has(path)).map((path) => `/${path}`);
  await writeFile(join(dist, ".npmignore"), `${[".tsbuildinfo", ...inside.sort()].join("\n")}\n`);
}

/** A copy of each needed declaration file, whose imports are of such copies. */
async function declareForCommonJs(dist, needed) {
  for (const path of await readdir(dist, { recursive: true })) if (path.endsWith(".d.cts")) await rm(join(dist, path));
  for (const path of needed) {
    const text = await readFile(join(dist, path), "utf8");
    await writeFile(
      join(dist, path.replace(/ts$/, "cts")),
      text
        // Comments are in the modules' declarations: twice they would be a tenth of the package.
        .replaceAll(/^\s*\/\*\*.*?\*\/\n/gms, "")
        .replaceAll(/^ +/gm, "")
        .replaceAll(/((?:from|import\()\s*"\.[^"]*\.)js"/g, '$1cjs"'),
    );
  }
}

/** What `import "tidu/data"` finds where "exports" is not read: the folder `data`, whose package.json leads to the files. */
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
