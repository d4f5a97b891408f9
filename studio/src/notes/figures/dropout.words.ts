// The words of the dropout figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: {
    en: "a different network for every update",
    zh: "每次更新都是不同的网络",
  },
  caption: {
    en: "The network learns exclusive or, one point per update. Units with a dashed outline were dropped in this update: their output was 0, and so was the gradient of their weights. The mask is read from the layer's own output.",
    zh: "网络在学习“异或”，每次更新用一个点。虚线圆是这次更新中被丢弃的单元：它们的输出为 0，权重的梯度也为 0。掩码直接读自该层的输出。",
  },
  p: {
    en: "Drop probability p",
    zh: "丢弃概率 p",
  },
  drawing: {
    en: (kept: number, all: number) => `The network of this update: ${kept} of ${all} hidden units kept`,
    zh: (kept: number, all: number) => `这次更新的网络：${all} 个隐藏单元保留了 ${kept} 个`,
  },
  updates: { en: "Updates", zh: "更新次数" },
  kept: { en: "Units kept now", zh: "这次保留的单元" },
  distinct: { en: "Different networks so far", zh: "至今出现过的不同网络" },
  cost: { en: "Cost of this update", zh: "这次更新的代价" },
  products: { en: (all: number) => `Multiplications, of ${all}`, zh: (all: number) => `乘法次数（全网 ${all} 次）` },
  of: { en: (a: string, b: string) => `${a} of ${b}`, zh: (a: string, b: string) => `${b} 个中的 ${a} 个` },
});
