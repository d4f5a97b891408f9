// Writes docs/experiments.md from the results of the experiments: `npm run experiments:docs`, after a build.
// With names, runs these first, or all of them with `--all`, and keeps their results; with `--print`, only shows the page.
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { experimentNames, loadExperiment } from "#cli/cli/experiments.js";
import { formatTo } from "#cli/cli/ui/experiment.js";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const INTRODUCTION = `# Experiments

The margin of the notes asks; these are answers by measurement. Each experiment is a file in \`experiments/\`, written with
the library's public names alone, and \`tidu experiment NAME\` runs it again: the same seeds give the same numbers on every
machine and any number of threads, times excepted. Networks are small and learn from a few hundred to a few thousand digits
of MNIST, drawn anew for each seed, so that differences between ways of building them show; an answer holds for such
networks and data. Intervals are 95 % confidence intervals over seeds, by Student's t. Differences are paired: both
networks of a pair have the same digits and, where their forms allow it, the same first weights. Curves are in the result
files and in the notes.

\`npm run experiments:docs\` makes this page from \`experiments/results/\`.
`;

async function page() {
  const found = await Promise.all(
    experimentNames().map(async (name) => ({
      words: (await loadExperiment(name)).words,
      result: JSON.parse(await readFile(at(`experiments/results/${name}.json`), "utf8")),
    })),
  );
  const answers = found.map(({ words, result }) => `**${result.question.en}** ${words.verdict.en}\n`);
  const rows = found.flatMap(({ result }) => rowsOf(result));
  const table = ["| what | mean | 95 % interval | n |", "|---|---|---|---|", ...rows];
  return [INTRODUCTION, "## Answers\n", ...answers, "## All results\n", `${table.join("\n")}\n`].join("\n");
}

function rowsOf({ name, question, command, date, settings, measures, comparisons, counts, times }) {
  const chosen = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
  return [
    `| **${name}: ${question.en}** \`${command}\`, ${date}; ${chosen.join(", ")} | | | |`,
    ...[...measures, ...comparisons].map(measureRow),
    ...counts.map(({ label, value, unit }) => `| ${label.en} | ${value.toLocaleString("en")} ${unit} | counted | |`),
    ...(times === undefined ? [] : [`| *times on ${times.machine}* | | | |`, ...times.measures.map(measureRow)]),
  ];
}

function measureRow({ label, mean, low, high, n, unit }) {
  const show = (x) => formatTo(x, high - low);
  return `| ${label.en} | ${`${show(mean)} ${unit}`.trimEnd()} | ${show(low)} … ${show(high)} | ${n} |`;
}

const named = process.argv.slice(2);
if (named.includes("--print")) process.stdout.write(await page());
else {
  for (const name of named.includes("--all") ? experimentNames() : named) {
    const args = [at("packages/cli/bin/tidu.js"), "experiment", name, "--out", at(`experiments/results/${name}.json`)];
    execFileSync(process.execPath, args, { stdio: "inherit" });
  }
  await writeFile(at("docs/experiments.md"), await page());
}
