// The words of the page of runs.
import { words } from "../i18n/words.js";

export default words({
  intro: {
    en: "Runs of the command line. Choose one that is training now and watch it, or several to compare them.",
    zh: "命令行的训练记录。选择正在训练的一个来观看，或选择几个来比较。",
  },
  none: {
    en: "There are no runs here yet: tidu train makes one.",
    zh: "这里还没有训练记录：用 tidu train 训练一个。",
  },
  unreachable: {
    en: "Runs can be seen where tidu studio serves these pages.",
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
  link: { en: "a link that leads nowhere", zh: "链接指向的文件夹不存在" },
  show: { en: (name: string) => `Show ${name}`, zh: (name: string) => `显示 ${name}` },
  loss: { en: "Loss", zh: "损失" },
  accuracy: { en: "Accuracy", zh: "准确率" },
  lossCurves: { en: "Loss by epoch; dashed on validation data", zh: "各轮的损失；虚线为验证数据" },
  accuracyCurves: { en: "Accuracy by epoch; dashed on validation data", zh: "各轮的准确率；虚线为验证数据" },
  validation: { en: "validation", zh: "验证" },
  epochs: { en: "epochs", zh: "轮次" },
  now: { en: "Where they stand", zh: "目前结果" },
  epoch: { en: "Epoch", zh: "轮次" },
  validationLoss: { en: "Validation loss", zh: "验证损失" },
  validationAccuracy: { en: "Validation accuracy", zh: "验证准确率" },
  differences: { en: "What differs", zh: "不同之处" },
  setting: { en: "Setting", zh: "设置" },
});
