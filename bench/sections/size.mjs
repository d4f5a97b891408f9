// Measures the bytes that a page loads: for the whole library, for an app that trains, for one that only predicts, and
// for a single sum; and which folders they are of.
import { APPS, bundle, bundleByEsbuild, sharesOf, sizesOf } from "../lib/bundle.mjs";
import { table } from "../lib/table.mjs";

const kib = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/** The app whose parts are shown. */
const PARTED = "inference";

/** @type {import("../run.mjs").Section} */
export async function size({ tell }) {
  const results = [];
  for (const app of APPS) {
    const esbuild = sizesOf(await bundleByEsbuild(app)).gzip;
    results.push({ app, ...sizesOf(await bundle(app)), esbuild });
  }
  tell(
    "Bundled by Vite, all files that a page would load; by esbuild, from subpaths and for one thread (1 KB is 1024 bytes).\n",
  );
  const rows = results.map((r) => [r.app, kib(r.minified), kib(r.gzip), kib(r.esbuild)]);
  tell(table([["bench/apps", "minified", "gzip", "gzip, esbuild"], ...rows]));
  const { gzip } = /** @type {typeof results[number]} */ (results.find(({ app }) => app === PARTED));
  const folders = (await sharesOf(PARTED)).map(([folder, share]) => ({ folder, gzip: gzip * share }));
  tell(`\n${PARTED}, by folders of the library\n`);
  tell(table([["packages/tidu/src", "gzip"], ...folders.map((f) => [f.folder, kib(f.gzip)])]));
  return { apps: results, folders };
}
