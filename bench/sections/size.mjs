// Bytes that a page would load: the whole library, an app that trains, an app that only predicts.
import { APPS, bundle, sizesOf } from "../lib/bundle.mjs";
import { table } from "../lib/table.mjs";

const kib = (/** @type {number} */ bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/** @type {import("../run.mjs").Section} */
export async function size({ tell }) {
  const results = [];
  for (const app of APPS) results.push({ app, ...sizesOf(await bundle(app)) });
  tell("Bundled by Vite; all files that a page would load (1 KB is 1024 bytes).\n");
  tell(table([["bench/apps", "minified", "gzip"], ...results.map((r) => [r.app, kib(r.minified), kib(r.gzip)])]));
  return results;
}
