import { words } from "../../i18n/words.js";

export default words({
  title: { en: "the chain rule, edge by edge", zh: "链式法则，一条边一条边地看" },
  caption: {
    en: "Choose an edge for its local derivative. Choose a weight, w11 say, and every path from it to the cost lights up, with the factor of each edge. Multiply along each path, beginning with what the weight is multiplied by, add the paths, and the engine's own gradient comes out.",
    zh: "选一条边，看它的局部导数。选一个权重，比如 w11，从它到代价的每条路径都会亮起，并标出各条边的因子。沿每条路径相乘（先乘上与该权重相乘的输入），再把各路径相加，正好就是引擎算出的梯度。",
  },
  graph: {
    en: "The graph of the network, from the inputs on the left to the cost",
    zh: "网络的计算图：左边是输入，右边是代价",
  },
  edge: {
    en: (from: string, to: string, value: string) => `Edge from ${from} to ${to}: local derivative ${value}`,
    zh: (from: string, to: string, value: string) => `从 ${from} 到 ${to} 的边：局部导数 ${value}`,
  },
  weightIs: {
    en: (name: string, gradient: string) => `Weight ${name}: gradient ${gradient}`,
    zh: (name: string, gradient: string) => `权重 ${name}：梯度 ${gradient}`,
  },
  local: { en: "Local derivative", zh: "局部导数" },
  weight: { en: "Weight", zh: "权重" },
  value: { en: (name: string) => `Value of ${name}`, zh: (name: string) => `${name} 的值` },
  path: { en: (n: number) => `Path ${n}`, zh: (n: number) => `路径 ${n}` },
  sum: { en: "Sum of all paths", zh: "各路径之和" },
  gradient: { en: "The engine's gradient", zh: "引擎算出的梯度" },
  cost: { en: "Cost C", zh: "代价 C" },
});
