// The words of the overfitting figure, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  title: { en: "Overfitting, and a penalty that reduces it", zh: "过拟合，以及减轻它的惩罚" },
  caption: {
    en: "Twelve noisy points and a polynomial of degree 11, which has a weight for each of them: with λ = 0 it passes through every point, noise included, and is far off between them. Raise λ: the error on the training points grows, and the error on unseen points falls before it grows too. A lower degree helps in another way: it leaves no room for the noise.",
    zh: "十二个带噪声的点，和一个 11 次多项式，权重与点一样多：λ = 0 时它穿过每一个点，连噪声也一起拟合，在点与点之间却偏离很远。增大 λ：训练点上的误差变大，没见过的点上的误差先变小，然后也变大。降低次数是另一种办法：不给噪声留下余地。",
  },
  lambda: { en: "Penalty λ", zh: "惩罚 λ" },
  degree: { en: "Degree", zh: "次数" },
  drawing: {
    en: "The points, the function that they come from, and the learned function",
    zh: "数据点、它们所来自的函数，以及学到的函数",
  },
  errors: { en: "Both errors by the penalty's strength", zh: "两种误差随惩罚强度的变化" },
  error: { en: "mean squared error", zh: "均方误差" },
  truth: { en: "Without noise", zh: "没有噪声的函数" },
  learned: { en: (lambda: string) => `Learned, λ = ${lambda}`, zh: (lambda: string) => `学到的，λ = ${lambda}` },
  without: { en: "Learned, λ = 0", zh: "学到的，λ = 0" },
  train: { en: "Error on the training points", zh: "训练点上的误差" },
  unseen: { en: "Error on 200 unseen points", zh: "200 个没见过的点上的误差" },
  over: {
    en: "Overfitting: the noise of the training points is learned too.",
    zh: "过拟合：训练点的噪声也学进去了。",
  },
  right: { en: "About as good as this family of functions gets here.", zh: "这一族函数在这里差不多只能做到这么好。" },
  under: {
    en: "Underfitting: the penalty holds back what there is to be learned.",
    zh: "欠拟合：惩罚把该学的也压住了。",
  },
});
