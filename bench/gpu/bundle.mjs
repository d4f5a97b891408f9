// Puts each measuring script and all that it needs into one file, for a machine that has nothing but Node and Dawn.
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** Scripts of Tidu; the packages' builds must be there. */
export const OWN = ["costs", "products", "steps", "check"];
/** Scripts of others, for which bench/peers must be installed, with @tensorflow/tfjs-backend-webgpu. */
export const PEERS = ["jax", "tfjs"];

/**
 * @param {string} folder
 * @param {readonly string[]} names
 * @param {string} [modules] folder of packages that are looked for there, too
 */
export async function bundleScripts(folder, names, modules) {
  for (const name of names) {
    const bundle = await rolldown({
      input: here(`./${name}.mjs`),
      external: /^(node:|webgpu$)/,
      platform: "node",
      resolve: {
        alias: { vitest: here("./vitest.mjs") },
        ...(modules === undefined ? {} : { modules: [modules, "node_modules"] }),
      },
      logLevel: "silent",
    });
    await bundle.write({ file: `${folder}/${name}.mjs`, format: "esm", codeSplitting: false });
    await bundle.close();
  }
}
