// Bundles each measuring script into one file, for a machine that has only Node and Dawn.
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** Tidu's scripts. The packages must have been built. */
export const OWN = ["costs", "products", "steps", "check"];
/** The peers' scripts. They need the packages of bench/peers and @tensorflow/tfjs-backend-webgpu. */
export const PEERS = ["jax", "tfjs"];

/**
 * @param {string} folder
 * @param {readonly string[]} names
 * @param {string} [modules] another folder to look for packages in
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
