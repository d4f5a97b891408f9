// The words of the steps figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: {
    en: "the training loop",
    zh: "训练循环",
  },
  caption: {
    en: "A small network learns the points. Every step measures how far the current function is from each point, and then moves all parameters a little against the gradient. With one hidden unit no function of the set fits well, and no amount of training helps.",
    zh: "一个小网络在学习这些点。每一步先计算当前函数离各点有多远，再让全部参数沿梯度的反方向移动一点。只有一个隐藏单元时，这族函数里没有合适的，训练多久也没有用。",
  },
  hidden: { en: "Hidden units", zh: "隐藏单元数" },
  rate: { en: "Learning rate", zh: "学习率" },
  choose: {
    en: (n: number) => `A set of functions: ${n} parameters choose one of them.`,
    zh: (n: number) => `一族函数：由 ${n} 个参数决定是哪一个。`,
  },
  measure: {
    en: "A loss: how far the current function is from the points.",
    zh: "损失：当前函数离这些点有多远。",
  },
  improve: {
    en: "An improvement: one step of gradient descent.",
    zh: "改进：一步梯度下降。",
  },
  cost: { en: "Cost", zh: "代价" },
  slope: { en: "Length of the gradient", zh: "梯度的长度" },
  turns: {
    en: "Steps",
    zh: "步数",
  },
  drawing: {
    en: "The points and the current function",
    zh: "数据点与当前函数",
  },
});
