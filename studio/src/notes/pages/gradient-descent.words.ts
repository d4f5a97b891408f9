import { words } from "../../i18n/words.js";

export default words({
  down: {
    en: "The gradient of the cost points to where it rises fastest. So go the other way, by a length that the learning rate $\\eta$ sets, and look again:",
    zh: "代价的梯度指向它上升最快的方向。那就朝反方向走，走多远由学习率 $\\eta$ 决定，然后再看一次：",
  },
  local: {
    en: "All that it knows is the slope where it stands. That is enough for a bowl, as in the figure. On the rugged cost of a network it finds a low place, with no promise that it is the lowest.",
    zh: "它只知道脚下的坡度。对图中这样的“碗”足够了；对网络那种崎岖的代价，它能找到一个低处，但不保证是最低处。",
  },
  rate: {
    en: "Too small a rate wastes steps. Too large a one jumps across the valley: on a bowl with curvature $c$ the steps shrink only while $\\eta < 2/c$.",
    zh: "学习率太小，浪费步数；太大，就会从山谷一侧跳到另一侧：对曲率为 $c$ 的碗，只有 $\\eta < 2/c$ 时步子才会越来越小。",
  },
});
