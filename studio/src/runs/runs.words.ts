// The words of the page of runs.
import { words } from "../i18n/words.js";
import { formatCount } from "../ui/format.js";

export default words({
  intro: {
    en: "Runs of the command line. Choose one that is training now to watch it, or several to compare them.",
    zh: "命令行的训练记录。选择正在训练的一个来观看，或选择几个来比较。",
  },
  none: {
    en: "There are no runs here yet. The command tidu train makes one.",
    zh: "这里还没有训练记录：用 tidu train 训练一个。",
  },
  unreachable: {
    en: "Runs are shown only when tidu studio serves these pages.",
    zh: "只有由 tidu studio 提供页面时才能看到训练记录。",
  },
  all: { en: "All runs", zh: "全部训练" },
  run: { en: "Run", zh: "训练" },
  model: { en: "Model", zh: "模型" },
  data: { en: "Data", zh: "数据" },
  state: { en: "State", zh: "状态" },
  finished: { en: "finished", zh: "已完成" },
  training: { en: "training", zh: "训练中" },
  stopped: { en: "stopped before its end", zh: "中途停止" },
  config: { en: "its config.json can't be read", zh: "config.json 读不了" },
  link: { en: "a link to a folder that does not exist", zh: "链接指向的文件夹不存在" },
  gone: { en: "there is no run of this name here", zh: "这里没有叫这个名字的训练" },
  at: { en: (epoch: string) => `epoch ${epoch}`, zh: (epoch: string) => `第 ${epoch} 轮` },
  atOf: {
    en: (epoch: string, all: string) => `epoch ${epoch} of ${all}`,
    zh: (epoch: string, all: string) => `第 ${epoch} 轮，共 ${all} 轮`,
  },
  missing: { en: "there is no metrics.jsonl", zh: "没有 metrics.jsonl" },
  empty: { en: "its metrics.jsonl is empty", zh: "metrics.jsonl 是空的" },
  emptyCurves: { en: "its metrics.jsonl is empty, so it has no curves", zh: "metrics.jsonl 是空的，所以没有曲线" },
  unread: { en: "its metrics.jsonl can't be read", zh: "metrics.jsonl 读不了" },
  short: {
    en: (epoch: string, all: string) => `its metrics.jsonl ends at epoch ${epoch} of ${all}`,
    zh: (epoch: string, all: string) => `metrics.jsonl 到第 ${epoch} 轮为止，共 ${all} 轮`,
  },
  damaged: { en: "its metrics.jsonl is damaged", zh: "metrics.jsonl 有损坏" },
  noCurves: {
    en: "there is no metrics.jsonl, so it has no curves",
    zh: "没有 metrics.jsonl，所以没有曲线",
  },
  linesRead: {
    en: (read: number) =>
      read === 0
        ? "no line of its metrics.jsonl could be read"
        : `${formatCount(read)} ${read === 1 ? "line" : "lines"} of its metrics.jsonl could be read`,
    zh: (read: number) => (read === 0 ? "metrics.jsonl 一行也读不了" : `metrics.jsonl 中读到 ${formatCount(read)} 行`),
  },
  linesDamaged: {
    en: (damaged: number, first: number) =>
      damaged === 1
        ? `line ${formatCount(first)} is damaged`
        : `${formatCount(damaged)} lines are damaged, the first of them line ${formatCount(first)}`,
    zh: (damaged: number, first: number) =>
      damaged === 1
        ? `第 ${formatCount(first)} 行有损坏`
        : `${formatCount(damaged)} 行有损坏，最先是第 ${formatCount(first)} 行`,
  },
  lineCut: {
    en: (line: number) => `line ${formatCount(line)}, the last, is incomplete`,
    zh: (line: number) => `最后的第 ${formatCount(line)} 行不完整`,
  },
  stands: {
    en: (epoch: string, all: string) => `the curves end at epoch ${epoch} of ${all}`,
    zh: (epoch: string, all: string) => `所示内容到第 ${epoch} 轮为止，共 ${all} 轮`,
  },
  yes: { en: "yes", zh: "是" },
  no: { en: "no", zh: "否" },
  test: { en: "the data's own test part", zh: "数据自带的测试部分" },
  show: { en: (name: string) => `Show ${name}`, zh: (name: string) => `显示 ${name}` },
  loss: { en: "Loss", zh: "损失" },
  accuracy: { en: "Accuracy", zh: "准确率" },
  lossCurves: { en: "Loss by epoch; dashed on validation data", zh: "各轮的损失；虚线为验证数据" },
  accuracyCurves: { en: "Accuracy by epoch; dashed on validation data", zh: "各轮的准确率；虚线为验证数据" },
  validation: { en: "validation", zh: "验证" },
  epochs: { en: "epochs", zh: "轮次" },
  now: { en: "Results so far", zh: "目前结果" },
  epoch: { en: "Epoch", zh: "轮次" },
  validationLoss: { en: "Validation loss", zh: "验证损失" },
  validationAccuracy: { en: "Validation accuracy", zh: "验证准确率" },
  best: { en: "Best epoch: validation", zh: "最佳轮次：验证" },
  chosenBy: { en: (metric: string) => `by ${metric}`, zh: (metric: string) => `依据：${metric}` },
  differences: { en: "Differences", zh: "不同之处" },
  setting: { en: "Setting", zh: "设置" },
});
