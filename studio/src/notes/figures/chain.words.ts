// The words of the chain figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: {
    en: "the chain rule, edge by edge",
    zh: "逐条边看链式法则",
  },
  caption: {
    en: "The cost C compares each output y with its target t. Choose an edge for its local derivative. Choose a weight, such as w11, and every path from it to the cost is highlighted, with the factor of each edge. Multiply along each path, starting with the weight's input, and add the paths: the result is the gradient that the engine computes.",
    zh: "代价 C 把每个输出 y 与目标 t 相比。选一条边，查看它的局部导数。选一个权重，例如 w11，从它到代价的每条路径都会突出显示，并标出各条边的因子。沿每条路径相乘（从该权重的输入开始），再把各路径相加，就得到引擎算出的梯度。",
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
  target: { en: (name: string) => `Target ${name}`, zh: (name: string) => `目标 ${name}` },
});
