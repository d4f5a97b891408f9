// Fills a folder with everything that a bare machine needs for measuring: the scripts, each in one file, Tidu, and
// archives of Node and Dawn, which Python unpacks (unpack.py).
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleScripts, OWN, PEERS } from "./bundle.mjs";

const at = (/** @type {string} */ path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * @param {string} folder
 * @param {string} [peers] where jax-js and TensorFlow.js are installed, with its backend for WebGPU
 */
export async function prepare(folder, peers = at("bench/peers/node_modules")) {
  mkdirSync(join(folder, "node_modules/webgpu/dist"), { recursive: true });
  await bundleScripts(folder, OWN);
  await bundleScripts(folder, PEERS, peers);
  for (const file of ["gpu.mjs", "workloads.json"]) cpSync(at(`bench/${file}`), join(folder, file));
  cpSync(at("packages/tidu/dist/bundle/worker.js"), join(folder, "worker.js"));
  await bundleScripts(folder, ["table"]);
  cpSync(at("bench/gpu/torch_steps.py"), join(folder, "torch_steps.py"));
  for (const file of ["network.py", "values.py"]) cpSync(at(`bench/systems/pytorch/${file}`), join(folder, file));
  for (const file of ["index.js", "package.json"])
    cpSync(at(`node_modules/webgpu/${file}`), join(folder, `node_modules/webgpu/${file}`));
  // Packing takes a minute, so existing archives are kept.
  const pack = (/** @type {string} */ from, /** @type {string} */ to) => {
    if (!existsSync(join(folder, to)))
      writeFileSync(join(folder, to), execFileSync("xz", ["-7", "-T0", "-c", from], { maxBuffer: 1 << 28 }));
  };
  pack(process.execPath, "node.xz");
  pack(at("node_modules/webgpu/dist/linux-x64/dawn.node"), "dawn.node.xz");
  cpSync(at("bench/gpu/unpack.py"), join(folder, "unpack.py"));
}
