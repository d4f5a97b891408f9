// Measures the speed of contractions beside what the processor can do, and PyTorch's products of the same sizes.
import { checkMicrokernel } from "../lib/check-microkernel.mjs";
import { ask } from "../lib/child.mjs";
import { fmaRates } from "../lib/fma.mjs";
import { COLUMNS, microkernel, ROWS } from "../lib/loops.mjs";
import { rates } from "../lib/rate.mjs";
import { measure, ratio } from "../lib/rounds.mjs";
import { median } from "../lib/statistics.mjs";
import { digits, ratioText, table } from "../lib/table.mjs";
import { DEVICES } from "../systems/index.mjs";
import { workload } from "../workloads.mjs";

const SIDES = [64, 128, 256, 512, 1024, 2048];
/** Kernels that take a smaller share of a step's time are not listed. */
const LEAST_SHARE = 0.01;

/** @typedef {{ one: number, all: number }} Bare */
/** @typedef {import("../lib/rounds.mjs").System} System */

/**
 * @param {import("../run.mjs").Context} context
 * @param {System} device
 * @param {Bare} bare
 */
async function ofWorkloads({ options, peers, tell }, device, bare) {
  const torch = peers.find(({ name }) => name === "torch");
  const results = [];
  for (const name of options.only) {
    const work = workload(name);
    const { kernels } = await ask(device.commands[0], {
      task: "profile",
      workload: work,
      seconds: options.seconds,
      ...device.job,
    });
    const listed = kernels.filter((/** @type {any} */ k) => k.share >= LEAST_SHARE);
    const sizes = listed.map((/** @type {any} */ k) => [k.rows * k.alike, k.columns, k.inner]);
    const blas =
      torch === undefined
        ? undefined
        : await ask(torch.commands[0], { task: "products", sizes, seconds: options.seconds / 4 });
    const rows = [["contraction, as a product", "share of step", "GFLOP/s", "of the limit", "PyTorch"]];
    listed.forEach((/** @type {any} */ k, /** @type {number} */ i) => {
      k.blas =
        blas === undefined ? undefined : (2 * sizes[i][0] * sizes[i][1] * sizes[i][2]) / (blas.milliseconds[i] * 1e6);
      rows.push([
        `${k.name} ${sizes[i].slice(0, 2).join(" x ")}, ${k.inner} summed`,
        `${(k.share * 100).toFixed(0)}%`,
        digits(k.gigaflops),
        `${((k.gigaflops / bare.one) * 100).toFixed(0)}%`,
        k.blas === undefined ? "" : digits(k.blas),
      ]);
    });
    tell(`${name} (${work.batch}) on ${device.name}, one thread\n${table(rows)}\n`);
    results.push({ name, kernels: listed });
  }
  return results;
}

/**
 * @param {import("../run.mjs").Context} context
 * @param {System} device
 * @param {Bare} bare
 */
async function ofSquares({ options, machine, peers, tell }, device, bare) {
  const torch = peers.find(({ name }) => name === "torch");
  const results = [];
  const rows = [["n", "threads", "Tidu", "of the limit", "PyTorch", "ratio (range)"]];
  for (const threads of [...new Set([1, machine.cores])]) {
    const own = { ...device, job: { ...device.job, threads } };
    const other = torch === undefined ? [] : [{ ...torch, commands: [torch.commands[threads === 1 ? 0 : 1]] }];
    for (const n of SIDES) {
      const job = { task: "matmul", rows: n, columns: n, inner: n };
      const [tidu, blas] = await measure([own, ...other], job, options);
      const rate = (/** @type {typeof tidu} */ r) => (2 * n ** 3) / median(r.rounds) / 1e6;
      const reached = rate(tidu) / (threads === 1 ? bare.one : bare.all);
      rows.push([
        String(n),
        String(threads),
        digits(rate(tidu)),
        `${(reached * 100).toFixed(0)}%`,
        blas === undefined ? "" : digits(rate(blas)),
        blas === undefined ? "" : ratioText(ratio(tidu, blas)),
      ]);
      results.push({ n, threads, tidu: rate(tidu), blas: blas === undefined ? undefined : rate(blas) });
    }
  }
  tell(`n x n matrices on ${device.name}, in GFLOP/s; the ratio is PyTorch's time by Tidu's\n${table(rows)}`);
  return results;
}

/**
 * What contractions can reach at most on a device, said in words.
 *
 * @param {System} device
 * @param {import("../lib/machine.mjs").Machine} machine
 * @returns {Promise<Bare & { says: string }>}
 */
async function limitOf(device, { cores, avx512 }) {
  if (device.name === "native") {
    const bytes = avx512 ? 64 : process.arch === "x64" ? 32 : 16;
    return { ...(await fmaRates(bytes, cores)), says: `multiply-adds of ${8 * bytes}-bit vectors in registers` };
  }
  const loop = microkernel();
  checkMicrokernel(loop);
  const says = `the bare kernel, ${ROWS} rows by ${COLUMNS} columns of packed operands in the first-level cache`;
  return { ...(await rates(loop, cores)), says };
}

/** @type {import("../run.mjs").Section} */
export async function kernels(context) {
  const { machine, options, tell } = context;
  const results = [];
  for (const device of Object.values(DEVICES).filter(({ name }) => options.devices.includes(name))) {
    const bare = await limitOf(device, machine);
    tell(
      `The limit on ${device.name}, ${bare.says}: ${digits(bare.one)} GFLOP/s on one thread, ${digits(bare.all)} on ${machine.cores} at once`,
    );
    tell("Shortest of many runs for the workloads' contractions, medians of rounds for the square matrices.\n");
    const workloads = await ofWorkloads(context, device, bare);
    results.push({ device: device.name, bare, workloads, squares: await ofSquares(context, device, bare) });
  }
  return results;
}
