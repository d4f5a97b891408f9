// What tools look for that read no "exports" or know no modules: declarations for CommonJS beside those of the modules,
// and for each subpath of a package a folder that says where its files are. Made anew by each build.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGES = ["tidu", "onnx", "cli"];

for (const name of PACKAGES) {
  const folder = fileURLToPath(new URL(`../packages/${name}/`, import.meta.url));
  const { exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  if (Object.values(exports).some((entry) => "require" in Object(entry)))
    await declareForCommonJs(join(folder, "dist"));
  for (const [subpath, entry] of Object.entries(exports)) {
    if (subpath !== "." && typeof entry === "object") await point(folder, subpath, entry);
  }
}

/** A copy of each declaration file, whose imports are of such copies. */
async function declareForCommonJs(dist) {
  for (const path of await readdir(dist, { recursive: true })) {
    if (!path.endsWith(".d.ts")) continue;
    const text = await readFile(join(dist, path), "utf8");
    await writeFile(
      join(dist, path.replace(/ts$/, "cts")),
      text
        // Comments are in the modules' declarations: twice they would be a tenth of the package.
        .replaceAll(/^\s*\/\*\*.*?\*\/\n/gms, "")
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
