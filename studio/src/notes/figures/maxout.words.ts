// The words of the maxout figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: {
    en: "linear pieces and their upper envelope, during training",
    zh: "训练中的各线性片段及其上包络",
  },
  caption: {
    en: "A maxout unit is the largest of its linear pieces everywhere, so it is always convex. One unit never learns the wave; the difference of two can.",
    zh: "maxout 单元在每一点取最大的线性片段，所以总是凸函数。一个单元永远学不会波浪，两个单元之差可以。",
  },
  k: {
    en: "Linear pieces k",
    zh: "线性片段数 k",
  },
  target: {
    en: "Target function",
    zh: "目标函数",
  },
  square: { en: "a parabola", zh: "抛物线" },
  abs: { en: "a corner", zh: "折角" },
  wave: { en: "a wave", zh: "波浪" },
  units: { en: "Units", zh: "单元" },
  one: { en: "one", zh: "一个" },
  difference: { en: "the difference of two", zh: "两个之差" },
  drawing: {
    en: "Linear pieces, their envelope and the target function",
    zh: "各线性片段、上包络与目标函数",
  },
  cost: { en: "Cost", zh: "代价" },
  updates: { en: "Updates", zh: "更新次数" },
  wanted: {
    en: "Target",
    zh: "目标",
  },
  output: { en: "Output", zh: "输出" },
  pieces: {
    en: "Linear pieces",
    zh: "线性片段",
  },
  winning: {
    en: "Pieces that are largest somewhere",
    zh: "在某处最大的片段数",
  },
});
