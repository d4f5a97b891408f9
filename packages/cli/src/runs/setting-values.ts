// What the command line's words for settings are called, for pages that show runs. A test holds them to what it takes.
import type { Text } from "./setting-names.js";

const same = (name: string): Text => ({ en: name, zh: name });

/** Metrics, by the words of `--metric`. */
export const METRIC_NAMES = {
  loss: { en: "loss", zh: "损失" },
  brier: { en: "Brier score", zh: "Brier 分数" },
  accuracy: { en: "accuracy", zh: "准确率" },
  "balanced-accuracy": { en: "balanced accuracy", zh: "平衡准确率" },
  f1: same("F1"),
  auc: { en: "area under the ROC curve", zh: "ROC 曲线下面积" },
  r2: same("R²"),
  mae: { en: "mean absolute error", zh: "平均绝对误差" },
} as const satisfies Readonly<Record<string, Text>>;

const TASKS = {
  classification: { en: "classification", zh: "分类" },
  regression: { en: "regression", zh: "回归" },
};

const KINDS = {
  mnist: same("MNIST"),
  images: { en: "images", zh: "图像" },
  idx: same("IDX"),
  npy: same("NPY"),
  csv: same("CSV"),
  jsonl: { en: "JSON lines", zh: "JSON 行" },
  parquet: same("Parquet"),
};

/** By the setting's path in config.json: the words that it may have. */
export const VALUE_NAMES: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  "model.name": {
    lenet: same("LeNet-5"),
    mlp: { en: "MLP", zh: "多层感知机" },
    cnn: { en: "CNN", zh: "卷积网络" },
    resnet: same("ResNet"),
  },
  "data.task": TASKS,
  "data.options.task": TASKS,
  "data.kind": KINDS,
  "data.options.kind": KINDS,
  "data.options.fit": {
    stretch: { en: "stretched", zh: "拉伸" },
    letterbox: { en: "whole, with bars", zh: "完整放入，留边" },
    crop: { en: "cropped", zh: "裁剪" },
  },
  "data.options.dateOrder": {
    ymd: { en: "year, month, day", zh: "年、月、日" },
    dmy: { en: "day, month, year", zh: "日、月、年" },
    mdy: { en: "month, day, year", zh: "月、日、年" },
  },
  "training.optimizer": { sgd: same("SGD"), adam: same("Adam"), adamw: same("AdamW"), rmsprop: same("RMSprop") },
  "training.schedule": {
    linear: { en: "linear", zh: "线性" },
    cosine: { en: "cosine", zh: "余弦" },
    step: { en: "in steps", zh: "阶梯" },
    exponential: { en: "exponential", zh: "指数" },
    warmup: { en: "warm-up", zh: "预热" },
    plateau: { en: "lower on a plateau", zh: "停滞时降低" },
  },
  "training.loss": {
    "cross-entropy": { en: "cross-entropy", zh: "交叉熵" },
    mse: { en: "mean squared error", zh: "均方误差" },
    mae: METRIC_NAMES.mae,
    huber: same("Huber"),
  },
  "training.augment": {
    none: { en: "none", zh: "无" },
    shift: { en: "shift", zh: "平移" },
    rotate: { en: "rotation", zh: "旋转" },
    scale: { en: "scaling", zh: "缩放" },
    shear: { en: "shear", zh: "错切" },
    flip: { en: "flip", zh: "翻转" },
    crop: { en: "crop", zh: "裁剪" },
    brightness: { en: "brightness", zh: "亮度" },
    contrast: { en: "contrast", zh: "对比度" },
    cutout: { en: "cutout", zh: "遮挡" },
    mixup: same("mixup"),
  },
  "training.metric": METRIC_NAMES,
  "training.device": {
    auto: { en: "chosen by Tidu", zh: "由 Tidu 选择" },
    wasm: same("WebAssembly"),
    native: { en: "native code", zh: "原生代码" },
    webgpu: same("WebGPU"),
  },
};

/** The names of a choice's options, such as those of an optimizer. */
const OPTION_NAMES: Readonly<Record<string, Text>> = {
  momentum: { en: "momentum", zh: "动量" },
  dampening: { en: "dampening", zh: "阻尼" },
  weightDecay: { en: "weight decay", zh: "权重衰减" },
  nesterov: same("Nesterov"),
  amsgrad: same("AMSGrad"),
  eps: same("ε"),
  alpha: same("α"),
  centered: { en: "centered", zh: "中心化" },
  smoothing: { en: "label smoothing", zh: "标签平滑" },
  delta: same("δ"),
  to: { en: "to", zh: "降到" },
  min: { en: "minimum", zh: "最小" },
  every: { en: "every", zh: "间隔" },
  gamma: same("γ"),
  epochs: { en: "epochs", zh: "轮数" },
  from: { en: "from", zh: "起始" },
  factor: { en: "factor", zh: "倍率" },
  patience: { en: "patience", zh: "耐心" },
};

/**
 * What a setting's word is called: "sgd:momentum=0.9,nesterov" is SGD, momentum 0.9, Nesterov. What is not known, such as
 * the name of a file, stays as it is.
 */
export function settingValue(path: string, text: string): Text {
  const names = VALUE_NAMES[path];
  if (names === undefined) return same(text);
  const parts = path === "training.augment" ? text.split(",") : [text];
  return joined(parts.map((part) => choice(names, part.trim())));
}

function choice(names: Readonly<Record<string, Text>>, text: string): Text {
  const [word, ...options] = text.split(/[:,]/);
  if (!Object.hasOwn(names, word)) return same(text);
  // A number belongs to the choice itself, as the pixels of a shift do.
  const [own, others] = [options.filter(isValue), options.filter((text) => !isValue(text))];
  const { en, zh } = names[word];
  return joined([{ en: [en, ...own].join(" "), zh: [zh, ...own].join(" ") }, ...others.map(option)]);
}

const isValue = (text: string): boolean => !text.includes("=") && !Object.hasOwn(OPTION_NAMES, text);

function option(text: string): Text {
  const [word, value = ""] = text.split("=");
  const { en, zh } = Object.hasOwn(OPTION_NAMES, word) ? OPTION_NAMES[word] : same(word);
  return { en: `${en} ${value}`.trim(), zh: `${zh} ${value}`.trim() };
}

const joined = (parts: readonly Text[]): Text => ({
  en: parts.map(({ en }) => en).join(", "),
  zh: parts.map(({ zh }) => zh).join("，"),
});
