// The words of the common parts.
import { words } from "../i18n/words.js";

export default words({
  less: { en: (name: string) => `${name}: less`, zh: (name: string) => `${name}：减小` },
  more: { en: (name: string) => `${name}: more`, zh: (name: string) => `${name}：增大` },
  noNumber: { en: "This is not a number.", zh: "这不是数。" },
  range: {
    en: (least: string, most: string) => `From ${least} to ${most}.`,
    zh: (least: string, most: string) => `应在 ${least} 到 ${most} 之间。`,
  },
  whole: {
    en: (least: string, most: string) => `A whole number from ${least} to ${most}.`,
    zh: (least: string, most: string) => `应为 ${least} 到 ${most} 之间的整数。`,
  },
  noPlot: {
    en: "The curves cannot be drawn: a part of the page did not come. Load the page again.",
    zh: "无法画出曲线：页面的一部分没有加载成功。请重新加载页面。",
  },
  close: { en: "Close", zh: "关闭" },
});
