// The words of the maxout figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: {
    en: "linear pieces and their upper envelope, during training",
    zh: "训练中的各线性片段及其上包络",
  },
  caption: {
    en: "A maxout unit is the largest of its linear pieces everywhere, so it is always convex. At each place one piece is the largest (drawn solid): the error there moves that piece alone, the others get a gradient of 0. Move the place to see it change. One unit never learns the wave; the difference of two can.",
    zh: "maxout 单元在每一点取最大的线性片段，所以总是凸函数。每个位置上最大的片段只有一个（画成实线）：那里的误差只推动这一个片段，其余片段的梯度为 0。移动位置，看看最大的片段怎样更换。一个单元永远学不会波浪，两个单元之差可以。",
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
  winner: { en: "The largest piece, the unit's output", zh: "最大的片段，即单元的输出" },
  error: { en: "Error at the place", zh: "该位置的误差" },
  place: { en: "Place x", zh: "位置 x" },
  way: {
    en: (x: string) => `Where the gradient flows at x = ${x}, for the squared error there`,
    zh: (x: string) => `x = ${x} 处平方误差的梯度流向`,
  },
  piece: { en: "Piece", zh: "片段" },
  pieceOf: {
    en: (unit: number, piece: number) => `unit ${unit}, piece ${piece}`,
    zh: (unit: number, piece: number) => `单元 ${unit} 的片段 ${piece}`,
  },
  largest: { en: "largest", zh: "最大" },
  valueHere: { en: "Value", zh: "取值" },
  slopeGradient: { en: "Gradient of its slope", zh: "斜率的梯度" },
  offsetGradient: { en: "Gradient of its bias", zh: "偏置的梯度" },
  winning: {
    en: "Pieces that are largest somewhere",
    zh: "在某处最大的片段数",
  },
});
