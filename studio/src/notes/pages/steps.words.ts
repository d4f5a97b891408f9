import { words } from "../../i18n/words.js";

export default words({
  three: {
    en: "Learning has three parts. Choose a set of functions by fixing the kind of network, its layers and their sizes. Choose a measure that says how bad one function of the set is. Then look for the least bad one.",
    zh: "学习分三件事。先定网络的类型、层数与各层大小，也就选定了一族函数；再定一把尺子，衡量其中某个函数有多差；最后去找最不差的那一个。",
  },
  before: {
    en: "Some things are fixed before learning begins and are not changed by it: the sizes, the activations, how the first weights are drawn, the learning rate. Others — all weights and offsets — are what learning changes, so that the cost over the $m$ examples becomes small:",
    zh: "有些东西在学习之前就定好，学习不会改动：层的大小、激励函数、初始权重怎么抽取、学习率。另一些——全部权重和偏置——正是学习要改的，目的是让 $m$ 个样本的总代价变小：",
  },
  loop: {
    en: "The third part is not done at a stroke. Measuring and improving take turns: the gradient says for every parameter which way is down, and the loop goes round until the cost no longer falls.",
    zh: "第三件事不是一步到位的。衡量与改进轮流进行：梯度告诉每个参数哪边是下坡，如此反复，直到代价不再下降。",
  },
});
