import { words } from "../../i18n/words.js";

export default words({
  title: { en: "the loop of learning, running", zh: "学习的循环，正在运行" },
  caption: {
    en: "A small network learns the dots. Every turn measures how far the chosen function is from each dot, and then moves all parameters a little against the gradient. With one hidden unit the set of functions holds no good one; no amount of learning helps then.",
    zh: "一个小网络在学习这些点。每转一圈，先量一量当前选中的函数离各点有多远，再让全部参数沿梯度的反方向挪一小步。若只有一个隐藏单元，候选函数里根本没有好的，学多久也无济于事。",
  },
  hidden: { en: "Hidden units", zh: "隐藏单元数" },
  rate: { en: "Learning rate", zh: "学习率" },
  choose: {
    en: (n: number) => `A set of functions: ${n} numbers say which one is meant.`,
    zh: (n: number) => `一族函数：由 ${n} 个参数决定是哪一个。`,
  },
  measure: {
    en: "A measure: how far from the dots the chosen function is.",
    zh: "一把尺子：选中的函数离这些点有多远。",
  },
  improve: { en: "A better choice: one step downhill.", zh: "更好的选择：往下坡走一步。" },
  cost: { en: "Cost", zh: "代价" },
  slope: { en: "Length of the gradient", zh: "梯度的长度" },
  turns: { en: "Turns", zh: "圈数" },
  drawing: { en: "The dots and the function chosen now", zh: "数据点与当前选中的函数" },
});
