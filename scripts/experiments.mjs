// Writes docs/experiments.md, and the same page in Chinese, from the results: `npm run experiments:docs`, after a build.
// With names, it runs these experiments first (all of them with `--all`) and stores their results. `--print en` or
// `--print zh` only prints a page.
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { experimentNames, loadExperiment } from "#cli/cli/experiments.js";
import { formatTo } from "#cli/cli/ui/experiment.js";
import { filled } from "#cli/experiment/filled.js";
import { UNITS } from "#cli/experiment/units.js";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The page's text around the results, in both languages. */
const TEXTS = {
  en: {
    introduction: `# Experiments

The notes ask questions in their margins; this page answers them by measurement. Each experiment is a file in
\`experiments/\` that uses the library's public names alone. \`tidu experiment NAME\` runs it again: the same seeds give the same
numbers on every machine and any number of threads, except for times. Networks are small and learn from a few hundred to a
few thousand images of MNIST, drawn anew for each seed, so that differences between them show. An answer holds for such
networks and data.

All follow one rule. Before the seeds run, the experiment states a hypothesis that could fail, its controls, and how large
each difference must be to matter. Seeds 1 to 16 are the first set. Seeds 17 to 32 are a second set, which must agree with
the first. There are three verdicts:

- **more** or **less**: in both sets the interval excludes 0, and the mean is large enough to matter;
- **alike**: in both sets the whole interval is too small to matter;
- **not established**: everything else, also where the sets disagree.

A difference that does not exist passes both sets in one direction by chance about once in 800 comparisons. This page has fewer,
so none is expected to. For 1 − p and for dropout's accuracy a first run of these seeds was discarded, because its networks
were still learning fast when training ended. The hypotheses and sizes stayed as they were.

Intervals are 95% confidence intervals. Those of paired differences use Student's t. Those of shares, losses, times and other
bounded quantities use the bootstrap, so none reaches below zero. They are taken over seeds, and those of times over rounds.
Both networks of a pair get the same images and, where their forms allow it, the same initial weights. Curves are in the
result files and in the notes.

\`npm run experiments:docs\` makes this page from \`experiments/results/\`.
`,
    answers: "Answers",
    hypothesis: "Hypothesis:",
    results: "All results",
    head: ["what", "mean", "95% interval", "n"],
    rests: ["difference", "mean", "95% interval", "seeds 1–16", "seeds 17–32", "smallest that matters", "verdict"],
    findings: { more: "more", less: "less", alike: "alike", open: "not established" },
    counted: "counted",
    times: "times on",
    joint: ", ",
    colon: ": ",
  },
  zh: {
    introduction: `# 实验

笔记在页边提出问题，这里用测量来回答。每个实验是 \`experiments/\` 里的一个文件，只使用库的公开接口。\`tidu experiment NAME\` 可以重做实验：除时间以外，同样的种子在任何机器上、用任意多个线程都得到同样的数值。网络都很小，用几百到几千张 MNIST 图像训练，每个种子重新抽取，以便显出不同做法的差别。答案只对这样的网络和数据成立。

所有实验遵守同一条规则：可能被否定的假设、对照，以及每个差异多大才有实际意义，都在运行之前写定。种子 1 到 16 是第一组，种子 17 到 32 是第二组，两组必须一致。结论有三种：

- **更高**或**更低**：两组的区间都不含 0，均值也都大到有实际意义；
- **相当**：两组的整个区间都小到没有实际意义；
- **未能确定**：其余情形，包括两组不一致。

一个并不存在的差异，碰巧在两组里朝同一方向通过，大约 800 次比较才有一次。本页的比较没有这么多，所以预计一个也没有。“1 − p”和“dropout 的准确率”两个实验曾用同样的种子运行过一次，因为训练结束时网络还在快速学习，那次结果作废；假设和界限都没有改。

区间都是 95% 置信区间。成对的差异按学生 t 分布计算；比例、损失、时间等有界的量用自助法（bootstrap），因此不会低于零。区间取自各个种子，时间的区间取自各轮测量。一对网络用同样的图像；只要形式允许，也用同样的初始权重。曲线在结果文件和笔记中。

\`npm run experiments:docs\` 由 \`experiments/results/\` 生成本页。
`,
    answers: "答案",
    hypothesis: "假设：",
    results: "全部结果",
    head: ["测量", "均值", "95% 区间", "n"],
    rests: ["差异", "均值", "95% 区间", "种子 1–16", "种子 17–32", "有意义的界限", "结论"],
    findings: { more: "更高", less: "更低", alike: "相当", open: "未能确定" },
    counted: "计数",
    times: "时间，测于",
    joint: "，",
    colon: "：",
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
  const answers = found.map((one) => answerOf(one, language));
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

/** The verdict, the hypothesis, the differences that the verdict is based on, and other findings. */
function answerOf({ words, result }, language) {
  const { rests, hypothesis } = TEXTS[language];
  const text = (of) => filled(of, result)[language];
  const table = Object.keys(words.rests).map((id) =>
    restOf(
      result.comparisons.find((one) => one.id === id),
      language,
    ),
  );
  return [
    `### ${result.question[language]}\n`,
    `**${text(words.verdict)}**\n`,
    `${hypothesis}${language === "en" ? " " : ""}${text(words.hypothesis)}\n`,
    `${[row(rests), `|${"---|".repeat(rests.length)}`, ...table].join("\n")}\n`,
    `${text(words.details)}\n`,
  ].join("\n");
}

function restOf({ label, unit, matters, finding, sets, ...pooled }, language) {
  const { findings } = TEXTS[language];
  const named = (text) => inUnit(language, text, unit);
  const [mean, interval] = shown(pooled);
  const halves = sets.map((set) => shown(set)[1]);
  return row([label[language], named(mean), interval, ...halves, named(String(matters)), findings[finding]]);
}

/** A number with its unit, such as 95% or 3 percentage points. */
const inUnit = (language, text, unit) =>
  unit === "%" ? `${text}%` : `${text} ${UNITS[unit]?.[language] ?? unit}`.trimEnd();

/** Mean and interval as text. */
function shown({ mean, low, high }) {
  const show = (x) => formatTo(x, high - low);
  return [show(mean), `${show(low)} … ${show(high)}`];
}

/** A row of a table, with bars inside cells escaped. */
const row = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

function rowsOf({ name, question, command, date, settings, measures, comparisons, counts, times }, language) {
  const { counted, times: timesOn, joint, colon } = TEXTS[language];
  const chosen = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
  const measured = ({ label, unit, n, ...interval }) => {
    const [mean, ends] = shown(interval);
    return row([label[language], inUnit(language, mean, unit), ends, String(n)]);
  };
  const count = ({ label, value, unit }) =>
    row([label[language], inUnit(language, value.toLocaleString("en"), unit), counted, ""]);
  const title = `**${name}${colon}${question[language]}** \`${command}\`${joint}${date}; ${chosen.join(", ")}`;
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
