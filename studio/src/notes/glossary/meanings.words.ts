// What each term of the glossary means, by the same names as in terms.words.ts.
import { words } from "../../i18n/words.js";

export default words({
  unit: {
    en: "The smallest part of a network that computes. It adds up its weighted inputs and a bias, and applies an activation function. It is also called a neuron.",
    zh: "网络中进行计算的最小部分。它把输入加权求和，加上偏置，再应用激活函数。也叫神经元。",
  },
  weight: {
    en: "A number that training changes: the factor of one input of a unit.",
    zh: "训练所改变的数：单元某个输入的系数。",
  },
  bias: {
    en: "A number that a unit adds to its weighted sum, whatever the inputs are.",
    zh: "单元加在加权和上的数，与输入无关。",
  },
  activation: {
    en: "The function that a unit applies to its weighted sum, such as ReLU or sigmoid.",
    zh: "单元对加权和应用的函数，例如 ReLU 或 Sigmoid。",
  },
  nonlinearity: {
    en: "A function that is not linear. Without one between them, two layers are equal to a single one.",
    zh: "不是线性的函数。层与层之间如果没有非线性，两层就等于一层。",
  },
  logits: {
    en: "The outputs of a classifier before softmax makes probabilities of them.",
    zh: "分类网络在 softmax 变成概率之前的输出。",
  },
  loss: {
    en: "How far the output for one sample is from its target, as one number.",
    zh: "一个样本的输出与目标相差多少，用一个数表示。",
  },
  cost: {
    en: "What training makes small: the mean loss of the samples, plus penalties if there are any. It is also called the objective.",
    zh: "训练要减小的量：各样本损失的平均，加上惩罚项（如果有）。也叫目标函数。",
  },
  gradient: {
    en: "The derivatives of the cost with respect to all weights: the direction in which it rises fastest.",
    zh: "代价对全部权重的导数：代价上升最快的方向。",
  },
  "learning-rate": {
    en: "The factor by which a step multiplies the gradient.",
    zh: "一步中乘在梯度上的系数。",
  },
  step: {
    en: "One change of the weights, computed from one mini-batch. It is also called an update.",
    zh: "权重的一次改变，由一个小批量算出。也叫一次更新。",
  },
  epoch: {
    en: "One pass over all training samples.",
    zh: "把全部训练样本用过一遍（epoch）。",
  },
  "mini-batch": {
    en: "The few samples that a step uses. Their number is the batch size.",
    zh: "一步所用的少数样本。它们的个数叫批量大小。",
  },
  training: {
    en: "The time in which the weights change.",
    zh: "权重改变的阶段。",
  },
  inference: {
    en: "Computing outputs with a trained network, whose weights stay as they are.",
    zh: "用训练好的网络计算输出，权重不再改变。",
  },
  "initial-weights": {
    en: "The random weights with which training begins.",
    zh: "训练开始时的随机权重。",
  },
  saturation: {
    en: "The state of a unit whose activation function is nearly flat at its sum, so that hardly any gradient passes through it.",
    zh: "单元的加权和处在激活函数几乎平坦的地方，梯度几乎无法通过。",
  },
  "linear-piece": {
    en: "One of the weighted sums of a maxout unit, of which the largest is the output.",
    zh: "maxout 单元的加权和之一；其中最大的一个就是输出。",
  },
  dropout: {
    en: "Setting random units to 0 in each step of training, so that units cannot rely on each other.",
    zh: "训练的每一步随机把一些单元置为 0（丢弃），使单元不能互相依赖。",
  },
  mask: {
    en: "The random zeros and ones that say which units dropout drops and which it keeps.",
    zh: "随机的 0 和 1，表示 dropout 丢弃哪些单元，保留哪些单元。",
  },
  ensemble: {
    en: "Several networks whose outputs are averaged.",
    zh: "把输出取平均的若干网络。",
  },
  overfitting: {
    en: "Becoming better on training samples and worse on others.",
    zh: "在训练样本上越来越好，在其他样本上却越来越差。",
  },
  "weight-penalty": {
    en: "A term of the cost that grows with the weights.",
    zh: "代价中随权重增大的一项。",
  },
  subgradient: {
    en: "What takes the gradient's place where a function has a corner: any slope between those of its two sides.",
    zh: "函数在拐角处代替梯度的量：两侧斜率之间的任意值。",
  },
  "proximal-step": {
    en: "A step against the gradient of the loss, which then minimizes the penalty exactly while staying near. For L¹ it moves each weight toward 0 by ηλ and stops it there.",
    zh: "先逆着损失的梯度走一步，再在附近精确地最小化惩罚项。对 L¹ 来说，就是把每个权重向 0 移动 ηλ，到 0 为止。",
  },
  convolution: {
    en: "Sliding a flipped kernel over an input and adding up the products at each place.",
    zh: "让翻转后的核滑过输入，在每个位置把乘积相加。",
  },
  "cross-correlation": {
    en: "The same as convolution without the flip. It is what the layers called convolutional compute.",
    zh: "与卷积相同，但核不翻转。所谓卷积层计算的就是它。",
  },
  kernel: {
    en: "The small array of weights that a convolution slides over its input.",
    zh: "卷积时滑过输入的那一小组权重。",
  },
  feature: {
    en: "A number that says how strongly a pattern is present, computed by a unit.",
    zh: "单元算出的、表示某种模式有多强的数。",
  },
  stride: {
    en: "The number of places by which a window moves on.",
    zh: "窗口每次移动的距离。",
  },
  padding: {
    en: "Zeros around an input, so that windows also fit at its border.",
    zh: "输入四周补的 0，使窗口在边界处也放得下。",
  },
  dilation: {
    en: "The distance between neighboring weights of a kernel, in places of the input.",
    zh: "核中相邻权重在输入上的间隔。",
  },
  pooling: {
    en: "Replacing each window of a feature map by its largest value; average pooling takes the mean.",
    zh: "用每个窗口的最大值代替这个窗口；平均池化则取平均值。",
  },
  subsampling: {
    en: "Keeping every second value along each axis, with a stride of 2.",
    zh: "沿每个轴隔一个取一个，即步幅为 2。",
  },
  accuracy: {
    en: "The share of samples whose class is predicted correctly.",
    zh: "类别预测正确的样本所占的比例。",
  },
  "validation-set": {
    en: "Samples that training does not use, to measure and choose with.",
    zh: "训练时不用的样本，用来测量和选择。",
  },
  sample: {
    en: "One input with its target, such as one image with its class.",
    zh: "一个输入及其目标，例如一张图像及其类别。",
  },
  "standard-deviation": {
    en: "The root of the mean squared distance from the mean.",
    zh: "与均值之差的平方取平均，再开方。",
  },
  "confidence-interval": {
    en: "An interval from a method that covers the true value in 95 of 100 repetitions.",
    zh: "由一种方法得出的区间；重复 100 次，平均有 95 次包含真实值。",
  },
  "percentage-point": {
    en: "The difference of two percentages: 90% is 2 percentage points more than 88%.",
    zh: "两个百分数之差：90% 比 88% 高 2 个百分点。",
  },
  "mean-absolute-error": {
    en: "The mean distance of predicted values from the true ones, signs left aside.",
    zh: "预测值与真实值之差的绝对值的平均。",
  },
});
