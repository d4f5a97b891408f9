// Lists the systems that can be measured, and says how to install missing ones.
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

/**
 * Tidu on its two devices.
 *
 * @type {Record<"wasm" | "native", System>}
 */
export const DEVICES = {
  wasm: { name: "wasm", title: "Tidu wasm", commands: [node("wasm", "tidu/main.mjs")], job: { device: "wasm" } },
  native: {
    name: "native",
    title: "Tidu native",
    commands: [node("native", "tidu/main.mjs")],
    job: { device: "native" },
  },
};
export const TIDU = DEVICES.wasm;

const VENV = path("../peers/venv/bin/python");
const VENV_HELP = `python3 -m venv bench/peers/venv && bench/peers/venv/bin/pip install -r bench/peers/requirements.txt (or set PYTHON)`;

/**
 * The first of these Pythons that has a module.
 *
 * @param {readonly (string | undefined)[]} candidates
 * @param {string} module
 */
const findPython = (candidates, module) =>
  candidates.find((python) => python !== undefined && spawnSync(python, ["-c", `import ${module}`]).status === 0);

const ofVenv = (/** @type {string} */ module) => findPython([process.env.PYTHON, VENV], module);

/**
 * @typedef {object} PyTorch
 * @property {string} name
 * @property {string} title
 * @property {Record<string, string>} [env]
 * @property {object} [job]
 * @property {boolean} [layouts] whether to try images with channels last, too
 */

/**
 * PyTorch on one thread and on all threads.
 *
 * @param {Machine} machine
 * @param {string | undefined} python
 * @param {string} help where there is none
 * @param {PyTorch} as
 * @returns {System | string}
 */
function pytorch({ cores }, python, help, { name, title, env, job, layouts = false }) {
  if (python === undefined) return `PyTorch is not here: ${help}`;
  const command = (/** @type {number} */ threads, /** @type {object} */ more = {}) => ({
    label: `${threads} thread${threads > 1 ? "s" : ""}${"channelsLast" in more ? ", channels last" : ""}`,
    command: python,
    args: [path("pytorch/main.py")],
    // These libraries read their number of threads only from the environment.
    env: {
      ...env,
      OMP_NUM_THREADS: String(threads),
      MKL_NUM_THREADS: String(threads),
      OPENBLAS_NUM_THREADS: String(threads),
    },
    job: more,
  });
  /** @type {import("../lib/child.mjs").Command[]} */
  const commands = [...new Set([1, cores])].map((threads) => command(threads));
  const images = (/** @type {import("../workloads.mjs").Workload} */ { input }) => input.length === 3;
  if (layouts) commands.push({ ...command(cores, { channelsLast: true }), suits: images });
  return { name, title, commands, job };
}

/** Variables that restrict the libraries behind PyTorch's kernels to AVX2. */
const AVX2_ONLY = {
  OPENBLAS_CORETYPE: "Haswell",
  ATEN_CPU_CAPABILITY: "avx2",
  DNNL_MAX_CPU_ISA: "AVX2",
  ONEDNN_MAX_CPU_ISA: "AVX2",
  MKL_ENABLE_INSTRUCTIONS: "AVX2",
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
 * Each peer by its name: the system, or why it cannot be measured and how to change that.
 *
 * @type {Record<string, (machine: Machine) => System | string>}
 */
export const PEERS = {
  torch: (machine) => pytorch(machine, ofVenv("torch"), VENV_HELP, { name: "torch", title: "PyTorch", layouts: true }),
  "torch-compile": (machine) =>
    pytorch(machine, ofVenv("torch"), VENV_HELP, {
      name: "torch-compile",
      title: "torch.compile",
      job: { compile: true },
    }),
  jax: () => {
    const python = ofVenv("jax");
    if (python === undefined) return `JAX is not here: ${VENV_HELP}`;
    return { name: "jax", title: "JAX", commands: [{ label: "jit", command: python, args: [path("jax/main.py")] }] };
  },
  "torch-debian": (machine) =>
    pytorch(
      machine,
      findPython(["/usr/bin/python3"], "torch"),
      "on Debian: apt-get install python3-torch libopenblas0-pthread",
      { name: "torch-debian", title: "PyTorch of Debian" },
    ),
  "torch-avx2": (machine) =>
    machine.avx512
      ? pytorch(machine, ofVenv("torch"), VENV_HELP, {
          name: "torch-avx2",
          title: "PyTorch limited to AVX2",
          env: AVX2_ONLY,
        })
      : "this machine has no AVX-512, so `torch` is the same",
  "jax-js": () => {
    const system = { name: "jax-js", title: "jax-js", commands: [node("wasm", "../peers/jax.mjs")] };
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
 * Finds the requested peers, and says how to install the missing ones.
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
