// The text of the note on backpropagation, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  why: {
    en: "A network may have millions of weights. For each of them we need the derivative of the [[cost|cost]]. Changing the weights one at a time would take one forward pass per weight. Backpropagation computes all derivatives in about one forward and one backward pass.",
    zh: "一个网络可能有上百万个权重，每个权重都需要[[cost|代价]]对它的导数。逐个改变权重，每个都要一次前向传播。反向传播只用大约一次前向、一次反向，就算出全部导数。",
  },
  local: {
    en: "Every node of the computation graph only needs its local derivatives, with respect to its own inputs. For a sum $z = \\sum_j w_j x_j$, the derivative with respect to an input is its weight, and with respect to a weight its input. For an activation $a = \\sigma(z)$ it is $\\sigma'(z)$.",
    zh: "计算图的每个节点只需要自己的局部导数，即对自己各个输入的导数。对于和 $z = \\sum_j w_j x_j$，对输入的导数是权重，对权重的导数是输入。对于激活 $a = \\sigma(z)$，导数是 $\\sigma'(z)$。",
  },
  chain: {
    en: "The chain rule combines them: multiply the derivatives along a path $P$, and add over all paths. A weight in the first layer affects the cost through several later units, so several paths are added.",
    zh: "链式法则把它们组合起来：沿一条路径 $P$ 把导数相乘，再对所有路径求和。第一层的一个权重会经过后面的多个单元影响代价，所以要把多条路径相加。",
  },
  back: {
    en: "The number of paths grows exponentially with the number of layers, but they need not be enumerated. Going backward from the cost, each node adds the derivatives that arrive from its successors and passes the sum on. Every edge is used once.",
    zh: "路径的数目随层数指数增长，但不必逐条列举。从代价往回走，每个节点把后继传来的导数相加，再传给前面的节点。每条边只用一次。",
  },
});
