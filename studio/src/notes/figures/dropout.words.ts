import { words } from "../../i18n/words.js";

export default words({
  title: { en: "a different network at every update", zh: "每次更新都是另一个网络" },
  caption: {
    en: "The network learns exclusive or, one point at each update. Units with a broken outline were dropped in this very update: neither their output nor their weights took part. The pattern is read from the layer's own output.",
    zh: "网络在学习“异或”，每次更新用一个点。虚线圆是这次更新里被舍弃的单元：它们的输出和权重都没有参与。图样直接读自该层的输出。",
  },
  p: { en: "p, the share that is dropped", zh: "舍弃概率 p" },
  drawing: {
    en: (kept: number, all: number) => `The network of this update: ${kept} of ${all} hidden units kept`,
    zh: (kept: number, all: number) => `这次更新的网络：${all} 个隐藏单元保留了 ${kept} 个`,
  },
  updates: { en: "Updates", zh: "更新次数" },
  kept: { en: "Units kept now", zh: "这次保留的单元" },
  distinct: { en: "Different networks so far", zh: "至今出现过的不同网络" },
  cost: { en: "Cost of this update", zh: "这次更新的代价" },
  products: { en: (all: number) => `Products, of ${all}`, zh: (all: number) => `乘法次数（全网 ${all} 次）` },
  of: { en: (a: number, b: number) => `${a} of ${b}`, zh: (a: number, b: number) => `${b} 个中的 ${a} 个` },
});
