// How the time of a step grows with batch, width and depth, and the time to compile with the number of layers. Writes
// docs/growth.md, the same page in Chinese, and docs/growth.svg.
import { writeFileSync } from "node:fs";
import { ask } from "../lib/child.mjs";
import { machineText } from "../lib/machine.mjs";
import { picture } from "../lib/plot.mjs";
import { measure } from "../lib/rounds.mjs";
import { median } from "../lib/statistics.mjs";
import { digits, markdown, table } from "../lib/table.mjs";
import { TIDU } from "../systems/index.mjs";
import { perceptron } from "../workloads.mjs";

const powers = (/** @type {number} */ from, /** @type {number} */ to) =>
  Array.from({ length: Math.log2(to / from) + 1 }, (_, i) => from * 2 ** i);

const USUAL = { batch: 64, width: 256, depth: 2 };
/** @type {Record<"batch" | "width" | "depth", readonly number[]>} */
const SWEEPS = { batch: powers(1, 1024), width: powers(32, 2048), depth: powers(1, 32) };
const LAYERS = [1, 2, 5, 10, 20, 50, 100];

/** @typedef {{ title: string, x: string, head: string[], lines: string[], values: { x: number, y: number[] }[] }} Curve */

/**
 * @param {"batch" | "width" | "depth"} what
 * @param {import("../run.mjs").Context} context
 * @returns {Promise<Curve>}
 */
async function stepTimes(what, { options, peers }) {
  const systems = [TIDU, ...peers.filter(({ name }) => name === "torch")];
  const values = [];
  for (const x of SWEEPS[what]) {
    const job = { task: "steps", workload: perceptron({ ...USUAL, [what]: x }) };
    const results = await measure(systems, job, options);
    values.push({ x, y: results.map((r) => median(r.rounds)) });
  }
  const fixed = Object.entries(USUAL).filter(([name]) => name !== what);
  const title = `A step against ${what} (${fixed.map(([name, value]) => `${name} ${value}`).join(", ")})`;
  const lines = systems.map((s) => s.title);
  return { title, x: what, head: [what, ...lines.map((l) => `${l}, ms`)], lines, values };
}

/**
 * @param {import("../run.mjs").Context} context
 * @returns {Promise<Curve>}
 */
async function compileTimes({ options }) {
  const values = [];
  for (const x of LAYERS) {
    const job = { task: "start", workload: perceptron({ batch: 64, width: 64, depth: x }) };
    const answers = [];
    for (let r = 0; r < options.rounds; r++) answers.push(await ask(TIDU.commands[0], job));
    values.push({ x, y: [median(answers.map((a) => a.compiling)), median(answers.map((a) => a.again))] });
  }
  const lines = ["first", "from the cache"];
  const title = "Compiling in a fresh process against hidden layers";
  return { title, x: "hidden layers", head: ["hidden layers", ...lines.map((l) => `${l}, ms`)], lines, values };
}

/** @param {Curve} curve */
const rowsOf = ({ head, values }) => [head, ...values.map(({ x, y }) => [String(x), ...y.map(digits)])];

/** @param {Curve} curve */
const diagramOf = ({ title, x, lines, values }) => ({
  title,
  x,
  points: lines.flatMap((line, i) => values.map((v) => ({ x: v.x, y: v.y[i], line }))),
});

/** The page's words in both languages. The words of a curve come from the function that measures it. */
const TEXTS = {
  en: {
    title: "How times grow with size",
    made: (/** @type {string} */ command) =>
      `Written by \`${command}\`. Times are medians of the rounds. A step is forward, loss, backward and update (plain gradient descent) of a multilayer perceptron 784-width-…-width-10 with \`depth\` hidden layers. In each round, PyTorch's time is the shorter one of one thread and all threads.`,
    picture: "Times against batch, width, depth and number of layers, on logarithmic scales",
    image: "growth.svg",
    translate: (/** @type {string} */ text) => text,
  },
  zh: {
    title: "时间随规模的增长",
    made: (/** @type {string} */ command) =>
      `本页的数据由 \`${command}\` 测得，取各轮的中位数。一步包括前向、损失、反向和更新（普通的梯度下降）。网络是 784-width-…-width-10 的多层感知机，有 \`depth\` 个隐藏层。PyTorch 每轮取一个线程与全部线程中较快的结果。`,
    picture: "时间随批量、宽度、深度和层数的变化，对数坐标",
    image: "../growth.svg",
    translate: chinese,
  },
};

/** Titles and table headings in Chinese. @type {readonly (readonly [RegExp, string])[]} */
const CHINESE = [
  [/^A step against (\w+) \((\w+) (\d+), (\w+) (\d+)\)$/, "一步的时间随$1的变化（$2 $3，$4 $5）"],
  [/^Compiling in a fresh process against hidden layers$/, "新进程的编译时间随隐藏层数的变化"],
  [/\bhidden layers\b/, "隐藏层数"],
  [/^first, ms$/, "第一次，ms"],
  [/^from the cache, ms$/, "来自缓存，ms"],
  [/, ms$/, "，ms"],
  [/\bbatch\b/, "批量"],
  [/\bwidth\b/, "宽度"],
  [/\bdepth\b/, "深度"],
];

/** @param {string} text */
function chinese(text) {
  return CHINESE.reduce((line, [pattern, words]) => line.replace(new RegExp(pattern, "g"), words), text);
}

/**
 * @param {readonly Curve[]} curves
 * @param {Pick<import("../run.mjs").Context, "machine" | "options">} context
 * @param {"en" | "zh"} language
 */
export function page(curves, { machine, options }, language) {
  const { title, made, picture, image, translate } = TEXTS[language];
  const command = `npm run bench -- growth --rounds ${options.rounds} --seconds ${options.seconds} --peers ${options.peers.join(",") || "none"}`;
  const tableOf = (/** @type {Curve} */ curve) => {
    const [head, ...rows] = rowsOf(curve);
    return markdown([head.map(translate), ...rows]);
  };
  return [
    `# ${title}`,
    made(command),
    `\`\`\`\n${machineText(machine)}\n\`\`\``,
    `![${picture}](${image})`,
    ...curves.flatMap((curve) => [`## ${translate(curve.title)}`, tableOf(curve)]),
  ].join("\n\n");
}

/** @type {import("../run.mjs").Section} */
export async function growth(context) {
  const { tell } = context;
  const curves = [];
  for (const what of /** @type {const} */ (["batch", "width", "depth"])) curves.push(await stepTimes(what, context));
  curves.push(await compileTimes(context));
  for (const curve of curves) tell(`${curve.title}\n${table(rowsOf(curve))}\n`);
  const docs = new URL("../../docs/", import.meta.url);
  writeFileSync(new URL("growth.md", docs), `${page(curves, context, "en")}\n`);
  writeFileSync(new URL("zh/growth.md", docs), `${page(curves, context, "zh")}\n`);
  writeFileSync(new URL("growth.svg", docs), picture("How times grow with size", curves.map(diagramOf)));
  tell("Written to docs/growth.md, docs/zh/growth.md and docs/growth.svg");
  return curves;
}
