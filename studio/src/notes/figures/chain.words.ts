import { words } from "../../i18n/words.js";

export default words({
  title: { en: "the chain rule, edge by edge", zh: "链式法则，一条边一条边地看" },
  caption: {
    en: "Choose an edge for its local derivative; the edges between columns of z and their inputs carry weights, and such an edge also lights every path from its weight to the cost. Multiply along each path, add the paths, and the engine's own gradient comes out.",
    zh: "选一条边，就能看到它的局部导数；通向 z 的边带有权重，选中它还会点亮从该权重到代价的每一条路径。沿每条路径相乘，再把各路径相加，正好就是引擎算出的梯度。",
  },
  graph: {
    en: "The graph of the network, from the inputs on the left to the cost",
    zh: "网络的计算图：左边是输入，右边是代价",
  },
  edge: {
    en: (from: string, to: string, value: string) => `Edge from ${from} to ${to}: local derivative ${value}`,
    zh: (from: string, to: string, value: string) => `从 ${from} 到 ${to} 的边：局部导数 ${value}`,
  },
  weighted: {
    en: (from: string, to: string, value: string, weight: string) =>
      `Edge from ${from} to ${to}: local derivative ${value}; weight ${weight}`,
    zh: (from: string, to: string, value: string, weight: string) =>
      `从 ${from} 到 ${to} 的边：局部导数 ${value}；权重 ${weight}`,
  },
  local: { en: "Local derivative", zh: "局部导数" },
  weight: { en: "Weight", zh: "权重" },
  value: { en: (name: string) => `Value of ${name}`, zh: (name: string) => `${name} 的值` },
  path: { en: (n: number) => `Path ${n}`, zh: (n: number) => `路径 ${n}` },
  sum: { en: "Sum of all paths", zh: "各路径之和" },
  gradient: { en: "The engine's gradient", zh: "引擎算出的梯度" },
  cost: { en: "Cost C", zh: "代价 C" },
});
