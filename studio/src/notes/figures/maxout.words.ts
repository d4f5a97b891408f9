import { words } from "../../i18n/words.js";

export default words({
  title: { en: "pieces and their upper envelope, being learned", zh: "各个线段与它们的上包络，正在学习" },
  caption: {
    en: "A maxout unit is the highest of its lines everywhere, so it can only bend upwards. One unit never learns the wave; the difference of two can.",
    zh: "maxout 单元处处取最高的那条线，所以只能向上弯。单独一个单元永远学不会波浪，两个单元之差却可以。",
  },
  k: { en: "Pieces k", zh: "线段数 k" },
  target: { en: "To be learned", zh: "要学的曲线" },
  square: { en: "a parabola", zh: "抛物线" },
  abs: { en: "a corner", zh: "折角" },
  wave: { en: "a wave", zh: "波浪" },
  units: { en: "Units", zh: "单元" },
  one: { en: "one", zh: "一个" },
  difference: { en: "the difference of two", zh: "两个之差" },
  drawing: { en: "Pieces, their envelope and the curve to be learned", zh: "各线段、上包络与要学的曲线" },
  cost: { en: "Cost", zh: "代价" },
  updates: { en: "Updates", zh: "更新次数" },
  wanted: { en: "To be learned", zh: "目标" },
  output: { en: "Output", zh: "输出" },
  pieces: { en: "Pieces", zh: "线段" },
  winning: { en: "Pieces that are highest somewhere", zh: "在某处取胜的线段数" },
});
