import { words } from "../../i18n/words.js";

export default words({
  why: {
    en: "A network may have millions of weights, and each wants to know how the cost changes if it alone moves. To try them one by one would take a forward pass for each. Backpropagation gets all answers from about one pass forwards and one backwards.",
    zh: "一个网络可能有上百万个权重，每个都想知道：只动我一个，代价变多少？挨个去试，每个都要跑一次前向。反向传播只用大约一次前向、一次反向，就得到全部答案。",
  },
  local: {
    en: "Every node of the computation knows only its own small step. Its local derivatives say how it answers to each of its inputs: for a sum $z = \\sum_j w_j x_j$ they are the weights for the inputs and the inputs for the weights; for an activation $a = \\sigma(z)$ it is $\\sigma'(z)$.",
    zh: "计算图的每个节点只管自己那一小步。局部导数说明它对各个输入的反应：对于和 $z = \\sum_j w_j x_j$，对输入求导得到权重，对权重求导得到输入；对于激励 $a = \\sigma(z)$，就是 $\\sigma'(z)$。",
  },
  chain: {
    en: "The chain rule joins the steps: multiply along a path $P$, add over all paths. A weight of the first layer reaches the cost through every unit after it, hence the sum.",
    zh: "链式法则把这些小步接起来：沿一条路径 $P$ 相乘，对所有路径相加。第一层的一个权重会经由其后的每个单元影响代价，所以要求和。",
  },
  back: {
    en: "The number of paths grows with every layer, but nobody walks them one by one. Going from the cost backwards, each node adds up what arrives from its successors once and passes it on; so every edge is used only once.",
    zh: "层数一多，路径的数目就猛增，但不必一条条走。从代价往回走，每个节点把后继传来的量加总一次，再往前传；于是每条边只用一次。",
  },
});
