// `npm run quality`: the command line's defaults against scikit-learn's MLP, on ten small data sets with the same split,
// with several seeds. Prints a table; exit status 1 if a mean is worse by more than scikit-learn's own spread.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SEEDS = 3;
const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
/** Debian's, which has Debian's packages. `PYTHON` names another one. */
const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";
const python = (/** @type {string[]} */ ...args) => execFileSync(PYTHON, args, { encoding: "utf8" });

/** Ends with one sentence where there is no scikit-learn to compare with. */
function needSklearn() {
  const { status } = spawnSync(PYTHON, ["-c", "import sklearn"]);
  if (status === 0) return;
  console.error(
    `quality: ${PYTHON} has no scikit-learn; apt-get install python3-sklearn, or name a Python that has it in PYTHON`,
  );
  process.exit(2);
}

/** @returns {number} test accuracy or R² */
function ofTidu(/** @type {string} */ data, /** @type {number} */ seed, /** @type {string} */ out) {
  const args = ["train", data, "--seed", String(seed), "--out", out, "--no-report", "--json"];
  const lines = execFileSync(process.execPath, [here("../../packages/cli/bin/tidu.js"), ...args], { encoding: "utf8" });
  const { test } = JSON.parse(lines.trim().split("\n").at(-1) ?? "");
  return test.accuracy ?? test.values[0].r2;
}

const mean = (/** @type {number[]} */ all) => all.reduce((sum, x) => sum + x, 0) / all.length;
const digits = (/** @type {number} */ x) => x.toFixed(4);

needSklearn();
const folder = mkdtempSync(join(tmpdir(), "tidu-quality-"));
let worse = 0;
try {
  python(here("data-sets.py"), folder);
  const wanted = process.argv.slice(2);
  console.log("| data set | measure | scikit-learn, mean (range) | Tidu, mean (range) | difference | spread allowed |");
  console.log("|---|---|---|---|---|---|");
  for (const name of readdirSync(folder).sort()) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const data = join(folder, name);
    /** @type {number[]} */
    const theirs = JSON.parse(python(here("sklearn-mlp.py"), data, String(SEEDS)));
    const ours = theirs.map((_, seed) => ofTidu(data, seed, join(folder, `${name}-${seed}`)));
    const spread = Math.max(...theirs) - Math.min(...theirs);
    const difference = mean(ours) - mean(theirs);
    if (difference < -spread) worse++;
    const range = (/** @type {number[]} */ all) =>
      `${digits(mean(all))} (${digits(Math.min(...all))}–${digits(Math.max(...all))})`;
    const measure = /diabetes|friedman/.test(name) ? "R²" : "accuracy";
    const sign = difference < 0 ? "−" : "+";
    console.log(
      `| ${name} | ${measure} | ${range(theirs)} | ${range(ours)} | ${sign}${digits(Math.abs(difference))}${difference < -spread ? " (worse)" : ""} | ${digits(spread)} |`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  worse === 0 ? "\nno data set is worse than the spread" : `\n${worse} data sets are worse by more than the spread`,
);
process.exitCode = worse === 0 ? 0 : 1;
