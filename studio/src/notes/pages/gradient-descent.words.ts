// The text of the note on gradient descent, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  down: {
    en: "The [[gradient|gradient]] of the [[cost|cost]] points in the direction in which the cost rises fastest. Gradient descent moves the other way, by a distance that the [[learning-rate|learning rate]] $\\eta$ sets, and computes the gradient again:",
    zh: "[[cost|代价]]的[[gradient|梯度]]指向代价上升最快的方向。梯度下降朝相反的方向移动，移动多远由[[learning-rate|学习率]] $\\eta$ 决定，然后重新计算梯度：",
  },
  local: {
    en: "It only uses the slope at the current point. That suffices for a bowl-shaped (convex) cost, as in the figure. The cost of a network is not convex: gradient descent finds a low point, but not necessarily the lowest.",
    zh: "它只用到当前位置的坡度。对图中这样碗状的凸函数，这就够了。网络的代价不是凸函数：梯度下降能找到一个低点，但不一定是最低点。",
  },
  rate: {
    en: "A learning rate that is too small wastes steps. One that is too large overshoots the minimum: for a quadratic cost with curvature $c$, the steps shrink only while $\\eta < 2/c$.",
    zh: "学习率太小，步数浪费；学习率太大，会越过最小值：对曲率为 $c$ 的二次代价，只有 $\\eta < 2/c$ 时步长才会逐渐缩小。",
  },
});
