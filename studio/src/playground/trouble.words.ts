import { words } from "../i18n/words.js";
import { formatCount } from "../ui/format.js";

/** What can go wrong, by the codes of `engine/trouble.ts`. */
export default words({
  axesMap: {
    en: (shape: string) => `It needs maps [channels, rows, columns], but gets ${shape}.`,
    zh: (shape: string) => `这一层要的是特征图 [通道, 行, 列]，得到的却是 ${shape}。`,
  },
  axesLine: {
    en: (shape: string) => `It needs sequences [channels, positions], but gets ${shape}.`,
    zh: (shape: string) => `这一层要的是序列 [通道, 位置]，得到的却是 ${shape}。`,
  },
  axesLines: {
    en: (shape: string) => `It needs [units] or [channels, positions], but gets ${shape}.`,
    zh: (shape: string) => `这一层要的是 [单元] 或 [通道, 位置]，得到的却是 ${shape}。`,
  },
  whole: {
    en: "It needs whole numbers. Set the inputs to levels, and put this layer first.",
    zh: "嵌入层的输入须是整数：把“输入形式”设为“0–15 级整数”，并把嵌入层放在最前面。",
  },
  groups: {
    en: (groups: number, from: number, to: number) =>
      `The number of groups, ${groups}, must divide its ${from} input channels and its ${to} output channels.`,
    zh: (groups: number, from: number, to: number) => `${groups} 个组必须整除 ${from} 个输入通道和 ${to} 个输出通道。`,
  },
  tooLarge: {
    en: (kernel: number, side: number) =>
      `Its kernel covers ${kernel} cells, but the input with its padding has only ${side}.`,
    zh: (kernel: number, side: number) => `核跨 ${kernel} 格，而输入连同填充只有 ${side} 格。`,
  },
  padding: {
    en: (padding: number, kernel: number) =>
      `A padding of ${padding} is too large for a kernel that covers ${kernel} cells.`,
    zh: (padding: number, kernel: number) => `对跨 ${kernel} 格的核来说，填充 ${padding} 太多。`,
  },
  outputPadding: {
    en: (padding: number, stride: number) =>
      `Its output padding of ${padding} must be below its stride of ${stride} or its dilation.`,
    zh: (padding: number, stride: number) => `输出填充 ${padding} 必须小于步幅 ${stride} 或膨胀率。`,
  },
  pieces: {
    en: (channels: number, pieces: number) => `The number of pieces, ${pieces}, must divide its ${channels} channels.`,
    zh: (channels: number, pieces: number) => `片段数 ${pieces} 必须整除 ${channels} 个通道。`,
  },
  start: {
    en: (start: number, shape: string) => `The shape ${shape} has no axis ${start}.`,
    zh: (start: number, shape: string) => `${shape} 没有第 ${start} 轴。`,
  },
  noneKept: {
    en: (units: number, p: number) => `With a drop probability of ${p}, none of the ${units} units is kept.`,
    zh: (units: number, p: number) => `丢弃概率为 ${p} 时，${units} 个单元一个也不剩。`,
  },
  end: {
    en: (shape: string, outputs: number) =>
      `The network ends with ${shape}, but the data need [${outputs}]. End it with a linear layer of ${outputs} ${outputs === 1 ? "unit" : "units"}.`,
    zh: (shape: string, outputs: number) =>
      `网络以 ${shape} 结束，而数据需要 [${outputs}]：最后放一个有 ${outputs} 个单元的线性层。`,
  },
  flat: {
    en: (shape: string, outputs: number) =>
      `The network ends with ${shape}, but the data need [${outputs}]. Put flatten before the first linear layer.`,
    zh: (shape: string, outputs: number) =>
      `网络以 ${shape} 结束，而数据需要 [${outputs}]：在第一个线性层之前放一个 flatten。`,
  },
  flatEnd: {
    en: (shape: string, outputs: number) =>
      `The network ends with ${shape}, but the data need [${outputs}]. End it with flatten and a linear layer of ${outputs} ${outputs === 1 ? "unit" : "units"}.`,
    zh: (shape: string, outputs: number) =>
      `网络以 ${shape} 结束，而数据需要 [${outputs}]：最后放一个 flatten，再放一个有 ${outputs} 个单元的线性层。`,
  },
  engine: {
    en: (message: string) => `The engine says: ${message}`,
    zh: (message: string) => `引擎报告（英文）：${message}`,
  },
  noLayers: {
    en: "The network has no layers. Add one with +.",
    zh: "网络里还没有层。按 + 添加一个。",
  },
  notFinite: {
    en: (epoch: number, step: number, loss: string, back: number, lr: number) =>
      `Epoch ${formatCount(epoch)}, step ${formatCount(step)}: the loss is ${loss}. The weights are now those after epoch ${formatCount(back)}. A lower learning rate than ${lr} may help.`,
    zh: (epoch: number, step: number, loss: string, back: number, lr: number) =>
      `第 ${formatCount(epoch)} 轮第 ${formatCount(step)} 步：损失是${loss === "NaN" ? "非数" : "无穷大"}。权重已退回到第 ${formatCount(back)} 轮之后。学习率 ${lr} 可能太大，试试更小的。`,
  },
  digits: {
    en: (status: number) =>
      `The digits could not be fetched: ${status === 0 ? "the server does not answer" : `the server answers ${status}`}. Press Reset to try again.`,
    zh: (status: number) =>
      `取不到手写数字：${status === 0 ? "服务器没有回应" : `服务器回应 ${status}`}。按“重来”再试。`,
  },
  ownMissing: {
    en: "There are no data yet. Open a file of your own. Files stay on your computer; a link to this page does not include them.",
    zh: "还没有数据：请打开你自己的文件。文件留在你的电脑上，本页的链接不会带上它们。",
  },
  address: {
    en: (names: string) => `The link has values that do not exist here (${names}). The page uses others instead.`,
    zh: (names: string) => `链接里有这里没有的取值（${names}），页面改用了别的值。`,
  },
  notSafetensors: {
    en: (file: string) => `${file} is not a complete safetensors file.`,
    zh: (file: string) => `${file} 不是完整的 safetensors 文件。`,
  },
  otherNetwork: {
    en: (file: string, tensor: string) => `${file} holds the weights of another network: ${tensor} does not fit.`,
    zh: (file: string, tensor: string) => `${file} 里是另一个网络的权重：${tensor} 对不上。`,
  },
  changesInCode: {
    en: "The program uses the same settings from beginning to end, but some were changed during this training. Reset, and train again.",
    zh: "导出的程序从头到尾用同一组设置，而这次训练途中改过设置。请重来一次再导出。",
  },
  loadedInCode: {
    en: "The program begins with weights of its own, and into this training some were loaded. Reset, and train once more, or take the weights.",
    zh: "导出的程序从自己的初始权重开始，而这次训练载入过权重。请重来一次再导出，或直接导出权重。",
  },
  ownInCode: {
    en: "The program cannot include your own data. Take the network or its weights instead.",
    zh: "程序里不能包含你自己的数据；可以导出网络或权重。",
  },
  tableText: {
    en: (file: string) => `${file} is not UTF-8 text. Save it as CSV in UTF-8.`,
    zh: (file: string) => `${file} 不是 UTF-8 文本：请另存为 UTF-8 编码的 CSV。`,
  },
  tableEmpty: {
    en: (file: string) => `${file} has fewer than four rows below the line of column names.`,
    zh: (file: string) => `${file} 在列名一行之下不足四行数据。`,
  },
  tableQuote: {
    en: (file: string, row: number) => `${file}, row ${formatCount(row)}: a quotation mark is not closed.`,
    zh: (file: string, row: number) => `${file} 第 ${formatCount(row)} 行：有一个引号没有闭合。`,
  },
  tableRow: {
    en: (file: string, row: number, fields: number, names: number) =>
      `${file}, row ${formatCount(row)}: it has ${fields} values, but the first row names ${names} columns.`,
    zh: (file: string, row: number, fields: number, names: number) =>
      `${file} 第 ${formatCount(row)} 行有 ${fields} 个值，而第一行有 ${names} 个列名。`,
  },
  tableNumbers: {
    en: (file: string) => `${file} has no column of numbers besides the one to learn.`,
    zh: (file: string) => `${file} 除了要学的那一列之外没有数值列。`,
  },
  tableNoTarget: {
    en: (file: string, rows: number, column: string) =>
      `${file}: the column ${column}, which is to be learned, has a value in ${formatCount(rows)} ${rows === 1 ? "row" : "rows"}; at least four are needed. Fill it in, or choose another.`,
    zh: (file: string, rows: number, column: string) =>
      `${file}：要学的“${column}”列只有 ${formatCount(rows)} 行有值，至少要四行。请填上，或改选另一列。`,
  },
  tableTarget: {
    en: (file: string, column: string, classes: number) =>
      `${file}: the column ${column} has ${formatCount(classes)} ${classes === 1 ? "class" : "classes"}; the page can learn 2 to 10.`,
    zh: (file: string, column: string, classes: number) =>
      `${file}：${column} 列有 ${formatCount(classes)} 类；本页能学 2 到 10 类。`,
  },
  pictureUnreadable: {
    en: (file: string) => `None of the files is a picture that this browser can read; the first is ${file}.`,
    zh: (file: string) => `没有一个文件是浏览器能读的图片；第一个是 ${file}。`,
  },
  pictureClasses: {
    en: (classes: number) =>
      `The pictures have ${formatCount(classes)} ${classes === 1 ? "class" : "classes"}; the page can learn 2 to 10. Each folder is a class.`,
    zh: (classes: number) => `图片有 ${formatCount(classes)} 类；本页能学 2 到 10 类。每个文件夹是一类。`,
  },
  camera: {
    en: (reason: string) => `The camera cannot be used (${reason}).`,
    zh: (reason: string) => `用不了摄像头（${reason}）。`,
  },
  copy: {
    en: "The link could not be copied. Copy it from the address bar.",
    zh: "无法复制链接：请从地址栏复制。",
  },
  noCard: {
    en: (reason: string) => `There is no graphics card to train on, so it trains on the processor. ${reason}`,
    zh: (reason: string) => `没有可用的显卡，改用处理器训练。引擎报告（英文）：${reason}`,
  },
  cardToWasm: {
    en: (epoch: number, reason: string) =>
      `The graphics card failed. Training goes on from epoch ${formatCount(epoch)} on the processor. ${reason}`,
    zh: (epoch: number, reason: string) =>
      `显卡出错，改用处理器从第 ${formatCount(epoch)} 轮继续训练。引擎报告（英文）：${reason}`,
  },
  cardToCard: {
    en: (epoch: number, reason: string) =>
      `The graphics card was lost and is back. Training goes on there from epoch ${formatCount(epoch)}. ${reason}`,
    zh: (epoch: number, reason: string) =>
      `显卡一度失去，现已恢复，从第 ${formatCount(epoch)} 轮继续在显卡上训练。引擎报告（英文）：${reason}`,
  },
});
