// Writes docs/experiments.md, and the same page in Chinese, from the results: `npm run experiments:docs`, after a build.
// With names, runs these experiments first, or all of them with `--all`, and keeps their results. `--print en` or
// `--print zh` only shows a page.
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { experimentNames, loadExperiment } from "#cli/cli/experiments.js";
import { formatTo } from "#cli/cli/ui/experiment.js";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What the page says beside the results, and the names of units, in both languages. */
const TEXTS = {
  en: {
    introduction: `# Experiments

The margin of the notes asks; these are answers by measurement. Each experiment is a file in \`experiments/\`, written with
the library's public names alone, and \`tidu experiment NAME\` runs it again: the same seeds give the same numbers on every
machine and any number of threads, times excepted. Networks are small and learn from a few hundred to a few thousand digits
of MNIST, drawn anew for each seed, so that differences between ways of building them show; an answer holds for such
networks and data. Intervals are 95% confidence intervals by Student's t, over seeds; those of times are over rounds. No correction
is made for the number of comparisons: of a hundred differences that do not exist, five intervals miss 0 by chance. Differences
are paired: both networks of a pair have the same digits and, where their forms allow it, the same initial weights. Curves are in
the result files and in the notes.

\`npm run experiments:docs\` makes this page from \`experiments/results/\`.
`,
    answers: "Answers",
    results: "All results",
    head: ["what", "mean", "95% interval", "n"],
    counted: "counted",
    times: "times on",
    units: {},
    joint: ", ",
  },
  zh: {
    introduction: `# 实验

笔记的页边提出问题，这里用测量来回答。每个实验是 \`experiments/\` 里的一个文件，只使用库的公开接口；\`tidu experiment NAME\` 可以重做：除时间以外，同样的种子在任何机器上、用任意多个线程都得到同样的数值。网络都很小，用几百到几千个 MNIST 图像训练，每个种子重新抽取，好让不同做法的差别显现出来；答案只对这样的网络和数据成立。区间是按学生 t 分布计算的 95% 置信区间，取自各个种子；时间的区间取自各轮测量。没有对比较的次数做校正：一百个并不存在的差异中，平均会有五个区间碰巧不含 0。差异都是成对的：一对网络用同样的图像；只要形式允许，也用同样的初始权重。曲线在结果文件和笔记中。

\`npm run experiments:docs\` 由 \`experiments/results/\` 生成本页。
`,
    answers: "答案",
    results: "全部结果",
    head: ["测量", "均值", "95% 区间", "n"],
    counted: "计数",
    times: "时间，测于",
    units: { products: "次乘法", parameters: "个参数", points: "个百分点", numbers: "个数" },
    joint: "，",
  },
};
const PAGES = { en: "docs/experiments.md", zh: "docs/zh/experiments.md" };

/** @param {"en" | "zh"} language */
async function page(language) {
  const texts = TEXTS[language];
  const found = await Promise.all(
    experimentNames().map(async (name) => ({
      words: (await loadExperiment(name)).words,
      result: JSON.parse(await readFile(at(`experiments/results/${name}.json`), "utf8")),
    })),
  );
  const answers = found.map(({ words, result }) => `**${result.question[language]}** ${words.verdict[language]}\n`);
  const rows = found.flatMap(({ result }) => rowsOf(result, language));
  const table = [row(texts.head), "|---|---|---|---|", ...rows];
  const parts = [
    texts.introduction,
    `## ${texts.answers}\n`,
    ...answers,
    `## ${texts.results}\n`,
    `${table.join("\n")}\n`,
  ];
  return parts.join("\n");
}

/** A row of a table: bars within a cell are no borders. */
const row = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

function rowsOf({ name, question, command, date, settings, measures, comparisons, counts, times }, language) {
  const { counted, times: timesOn, units, joint } = TEXTS[language];
  const chosen = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
  const measured = ({ label, mean, low, high, n, unit }) => {
    const show = (x) => formatTo(x, high - low).replace("-", "−");
    const interval = `${show(low)} … ${show(high)}`;
    return row([label[language], `${show(mean)} ${units[unit] ?? unit}`.trimEnd(), interval, String(n)]);
  };
  const count = ({ label, value, unit }) =>
    row([label[language], `${value.toLocaleString("en")} ${units[unit] ?? unit}`, counted, ""]);
  const title = `**${name}: ${question[language]}** \`${command}\`${joint}${date}; ${chosen.join(", ")}`;
  return [
    row([title, "", "", ""]),
    ...[...measures, ...comparisons].map(measured),
    ...counts.map(count),
    ...(times === undefined
      ? []
      : [row([`*${timesOn} ${times.machine}*`, "", "", ""]), ...times.measures.map(measured)]),
  ];
}

const named = process.argv.slice(2);
if (named[0] === "--print") process.stdout.write(await page(named[1] === "zh" ? "zh" : "en"));
else {
  for (const name of named.includes("--all") ? experimentNames() : named) {
    const args = [at("packages/cli/bin/tidu.js"), "experiment", name, "--out", at(`experiments/results/${name}.json`)];
    execFileSync(process.execPath, args, { stdio: "inherit" });
  }
  for (const language of /** @type {const} */ (["en", "zh"]))
    await writeFile(at(PAGES[language]), await page(language));
}
