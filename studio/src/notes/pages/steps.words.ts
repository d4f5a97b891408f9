// The text of the note on steps, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  three: {
    en: "Learning has three parts. First, choose a set of functions: the kind of network, its layers and their sizes. Second, choose a [[loss|loss]], which says how bad one of these functions is. Third, search for the function with the smallest loss.",
    zh: "学习分三步。第一步，选定一族函数：网络的类型、层数和每层的大小。第二步，选定[[loss|损失]]函数，它衡量其中某个函数有多差。第三步，寻找损失最小的函数。",
  },
  before: {
    en: "Some settings are fixed before training: the sizes, the [[activation|activation functions]], the distribution of the [[initial-weights|initial weights]], the [[learning-rate|learning rate]]. They are called hyperparameters. Training changes the parameters, that is all weights and biases, so that the mean loss over the $m$ examples becomes small:",
    zh: "有些设置在训练之前就定好：层的大小、[[activation|激活函数]]、[[initial-weights|初始权重]]的分布、[[learning-rate|学习率]]。它们叫做超参数。训练改变的是参数，也就是全部权重和偏置，目的是让 $m$ 个样本的平均损失变小：",
  },
  loop: {
    en: "The third part takes many steps. Each step measures the loss, and the [[gradient|gradient]] says for every parameter in which direction the loss falls. The loop repeats until the loss no longer decreases.",
    zh: "第三步要重复许多次。每一步先计算损失，[[gradient|梯度]]指出每个参数往哪个方向改变会让损失下降。循环一直进行，直到损失不再下降。",
  },
});
