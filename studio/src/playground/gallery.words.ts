// The words of the gallery.
import { words } from "../i18n/words.js";

export default words({
  title: { en: "Examples", zh: "示例" },
  intro: {
    en: "Each opens with its network and recipe. Play it, then change one thing. Undo brings back what you had.",
    zh: "每个示例带有自己的网络和训练设置。先训练，再改动一处。“撤销”可以回到原来的训练。",
  },
  lineTitle: { en: "One layer draws one line", zh: "一层只能画一条直线" },
  line: {
    en: "Two clouds need no hidden layer: a line parts them.",
    zh: "两团点不需要隐藏层：一条直线就能分开。",
  },
  threeTitle: { en: "A spiral that three ReLU units can't do", zh: "三个 ReLU 单元学不会的螺线" },
  three: {
    en: "Three units are too few for the spiral's arms. Give the layer 32 units, and it learns both.",
    zh: "三个单元围不住螺线的两臂。把这一层改成 32 个单元，就能学会。",
  },
  spiralTitle: { en: "Two layers of tanh unroll it", zh: "两层 tanh 把螺线解开" },
  spiral: {
    en: "Sixteen and eight units learn both arms.",
    zh: "十六个单元加八个单元，两条臂都学会了。",
  },
  productTitle: { en: "The right input makes it easy", zh: "合适的输入让问题变简单" },
  product: {
    en: "Exclusive or is one product: given xy, a single layer learns it.",
    zh: "异或就是一个乘积：给它 xy，一层就能学会。",
  },
  vanishingTitle: { en: "Vanishing gradients", zh: "梯度消失" },
  vanishing: {
    en: "Six layers of sigmoids under plain descent: look at the gradients' sizes below, smaller from layer to layer.",
    zh: "六层 sigmoid 配普通梯度下降：看下面各层梯度的大小，往前逐层变小。",
  },
  overfitTitle: { en: "Overfitting on forty noisy points", zh: "四十个带噪声的点：过拟合" },
  overfit: {
    en: "Training loss falls, test loss rises. The next example holds it back.",
    zh: "训练损失下降，测试损失上升。下一个示例能延缓它。",
  },
  dropoutTitle: { en: "Dropout holds it back", zh: "dropout 延缓过拟合" },
  dropout: {
    en: "The same data and network, half of the hidden units dropped in each step: the test loss rises later, and stays lower.",
    zh: "数据和网络不变，每一步随机丢弃一半隐藏单元：测试损失升得更晚，而且一直更低。",
  },
  hillsTitle: { en: "Numbers instead of classes", zh: "预测数值，而不是类别" },
  hills: {
    en: "A ring of hills and hollows, learned as heights.",
    zh: "一圈起伏，学的是高度。",
  },
  divergeTitle: { en: "Too high a learning rate", zh: "学习率太大" },
  diverge: {
    en: "The loss jumps instead of falling, and the line swings to and fro. Lower the rate to 0.1 while it trains: it settles.",
    zh: "损失乱跳而不下降，直线来回摆动。训练途中把学习率调到 0.1，就会稳定下来。",
  },
  digitsTitle: { en: "A CNN for digits", zh: "识别手写数字的卷积网络" },
  digits: {
    en: "Two convolutions. Draw a digit, and press a feature map to see the products that add up.",
    zh: "两层卷积。画一个数字，再按某幅特征图，看那些相加的乘积。",
  },
});
