// The text of the note on mini batch, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  what: {
    en: "The [[cost|cost]] is the mean [[loss|loss]] over all examples, so its [[gradient|gradient]] needs all of them. The mean over a few randomly chosen examples estimates it without bias and costs far less. So the examples are shuffled and cut into mini-batches, and each mini-batch gives one update of all parameters:",
    zh: "[[cost|代价]]是全部样本的平均[[loss|损失]]，所以它的[[gradient|梯度]]要用到全部样本。随机抽取少数样本求平均，是它的无偏估计，计算量却小得多。于是把样本打乱，分成小批量（mini-batch），每个小批量更新一次全部参数：",
  },
  epoch: {
    en: "One pass over all mini-batches is an [[epoch|epoch]]. The standard error of the mini-batch gradient is inversely proportional to the square root of the batch size: four times the samples halve the noise. Beyond some size, more steps help more than larger batches.",
    zh: "遍历一次全部训练样本称为一[[epoch|轮]]（epoch）。小批量梯度的标准误差与批量大小的平方根成反比：批量扩大到 4 倍，噪声才减半。因此批量足够大以后，增加步数比继续增大批量更有效。",
  },
  size: {
    en: "Noise is not only a disadvantage: it can move the parameters out of poor minima. And a computer multiplies matrices of many samples more efficiently than one sample after another.",
    zh: "噪声不只是缺点：它能让参数离开不好的极小值。此外，计算机把许多样本作为矩阵一起相乘，比逐个相乘效率更高。",
  },
});
