// The systems that can be measured, and how to get those that are not here.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @typedef {import("../lib/rounds.mjs").System} System */
/** @typedef {import("../lib/machine.mjs").Machine} Machine */

const path = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));
const node = (/** @type {string} */ label, /** @type {string[]} */ ...args) => ({
  label,
  command: process.execPath,
  args: [path(args[0]), ...args.slice(1)],
});

/** @type {System} */
export const TIDU = { name: "tidu", title: "Tidu", commands: [node("Tidu", "tidu/main.mjs")] };

/** The first Python that has PyTorch: `PYTHON` if it is set, Debian's, the one on the path. */
function findPython() {
  const candidates = [process.env.PYTHON, "/usr/bin/python3", "python3"].filter((p) => p !== undefined);
  return candidates.find((python) => spawnSync(python, ["-c", "import torch"]).status === 0);
}

/**
 * PyTorch on one and on all threads.
 *
 * @param {Machine} machine
 * @param {{ name: string, title: string, env?: Record<string, string> }} as
 * @returns {System | string}
 */
function pytorch({ cores }, { name, title, env }) {
  const python = findPython();
  if (python === undefined) {
    return "PyTorch is not here; on Debian: apt-get install python3-torch libopenblas0-pthread (or set PYTHON)";
  }
  const commands = [...new Set([1, cores])].map((threads) => ({
    label: `${threads} thread${threads > 1 ? "s" : ""}`,
    command: python,
    args: [path("pytorch/main.py")],
    // These two libraries read their numbers of threads from the environment only.
    env: { ...env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  }));
  return { name, title, commands };
}

/** What keeps PyTorch's three sources of kernels to AVX2. */
const AVX2_ONLY = {
  OPENBLAS_CORETYPE: "Haswell",
  ATEN_CPU_CAPABILITY: "avx2",
  DNNL_MAX_CPU_ISA: "AVX2",
  ONEDNN_MAX_CPU_ISA: "AVX2",
};

/**
 * A system from the packages of bench/peers.
 *
 * @param {string} folder of one of its packages
 * @param {System} system
 * @returns {System | string}
 */
function installed(folder, system) {
  if (existsSync(path(`../peers/node_modules/${folder}`))) return system;
  return `${system.title} is not here: npm ci --prefix bench/peers`;
}

/**
 * Each peer by its name: the system, or why it cannot be measured and how to mend that.
 *
 * @type {Record<string, (machine: Machine) => System | string>}
 */
export const PEERS = {
  torch: (machine) => pytorch(machine, { name: "torch", title: "PyTorch" }),
  "torch-avx2": (machine) =>
    machine.avx512
      ? pytorch(machine, { name: "torch-avx2", title: "PyTorch kept to AVX2", env: AVX2_ONLY })
      : "this machine has no AVX-512, so `torch` is the same",
  jax: () => {
    const system = { name: "jax", title: "jax-js", commands: [node("wasm", "../peers/jax.mjs")] };
    return Number(process.versions.node.split(".")[0]) < 22
      ? "jax-js needs Node 22 or newer: npx node@24 bench/run.mjs"
      : installed("@jax-js/jax", system);
  },
  tfjs: () => {
    const commands = ["wasm", "cpu"].map((backend) => node(backend, "../peers/tfjs.mjs", backend));
    return installed("@tensorflow/tfjs", { name: "tfjs", title: "TF.js", commands });
  },
  convnetjs: () => {
    const commands = [node("JavaScript", "../peers/convnetjs.mjs")];
    return installed("convnetjs", { name: "convnetjs", title: "ConvNetJS", commands });
  },
};

/**
 * Finds the peers that are asked for and says of the others how to get them.
 *
 * @param {readonly string[]} names
 * @param {Machine} machine
 * @param {(line: string) => void} tell
 * @returns {System[]}
 */
export function findPeers(names, machine, tell) {
  return names.flatMap((name) => {
    const found = PEERS[name](machine);
    if (typeof found !== "string") return [found];
    tell(`${name}: skipped, ${found}`);
    return [];
  });
}
