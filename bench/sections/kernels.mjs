// Measures the speed of contractions beside the bare microkernel and OpenBLAS.
import { checkMicrokernel } from "../lib/check-microkernel.mjs";
import { ask } from "../lib/child.mjs";
import { COLUMNS, microkernel, ROWS } from "../lib/loops.mjs";
import { rates } from "../lib/rate.mjs";
import { measure, ratio } from "../lib/rounds.mjs";
import { median } from "../lib/statistics.mjs";
import { digits, ratioText, table } from "../lib/table.mjs";
import { TIDU } from "../systems/index.mjs";
import { workload } from "../workloads.mjs";

const SIDES = [64, 128, 256, 512, 1024];
/** Kernels that take a smaller share of a step's time are not listed. */
const LEAST_SHARE = 0.01;

/** @typedef {{ one: number, all: number }} Bare */

/**
 * @param {import("../run.mjs").Context} context
 * @param {Bare} bare
 */
async function ofWorkloads({ options, peers, tell }, bare) {
  const torch = peers.find(({ name }) => name === "torch");
  const results = [];
  for (const name of options.only) {
    const work = workload(name);
    const { kernels } = await ask(TIDU.commands[0], { task: "profile", workload: work, seconds: options.seconds });
    const listed = kernels.filter((/** @type {any} */ k) => k.share >= LEAST_SHARE);
    const sizes = listed.map((/** @type {any} */ k) => [k.rows * k.alike, k.columns, k.inner]);
    const blas =
      torch === undefined
        ? undefined
        : await ask(torch.commands[0], { task: "products", sizes, seconds: options.seconds / 4 });
    const rows = [["contraction, as a product", "share of step", "GFLOP/s", "of the bare kernel", "OpenBLAS"]];
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
    tell(`${name} (${work.batch}), one thread\n${table(rows)}\n`);
    results.push({ name, kernels: listed });
  }
  return results;
}

/**
 * @param {import("../run.mjs").Context} context
 * @param {Bare} bare
 */
async function ofSquares({ options, machine, peers, tell }, bare) {
  const torch = peers.find(({ name }) => name === "torch");
  const results = [];
  const rows = [["n", "threads", "Tidu", "of the bare kernel", "OpenBLAS", "ratio (range)"]];
  for (const threads of [...new Set([1, machine.cores])]) {
    const own = { ...TIDU, job: { threads } };
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
  tell(`n x n matrices, in GFLOP/s; the ratio is OpenBLAS's time by Tidu's\n${table(rows)}`);
  return results;
}

/** @type {import("../run.mjs").Section} */
export async function kernels(context) {
  const { machine, tell } = context;
  const loop = microkernel();
  checkMicrokernel(loop);
  const bare = await rates(loop, machine.cores);
  tell(
    `The bare kernel, ${ROWS} rows by ${COLUMNS} columns of packed operands in the first-level cache: ${digits(bare.one)} GFLOP/s on one thread, ${digits(bare.all)} on ${machine.cores} at once`,
  );
  tell("Shortest of many runs for the workloads' contractions, medians of rounds for the square matrices.\n");
  return { bare, workloads: await ofWorkloads(context, bare), squares: await ofSquares(context, bare) };
}
