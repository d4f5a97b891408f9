import { words } from "../i18n/words.js";

/** What can go wrong, by the codes of `engine/trouble.ts`. */
export default words({
  axesMap: {
    en: (shape: string) => `It works on maps [channels, rows, columns] and gets ${shape}.`,
    zh: (shape: string) => `这一层要的是特征图 [通道, 行, 列]，得到的却是 ${shape}。`,
  },
  axesLine: {
    en: (shape: string) => `It works on sequences [channels, places] and gets ${shape}.`,
    zh: (shape: string) => `这一层要的是序列 [通道, 位置]，得到的却是 ${shape}。`,
  },
  axesLines: {
    en: (shape: string) => `It works on [units] or [channels, places] and gets ${shape}.`,
    zh: (shape: string) => `这一层要的是 [单元] 或 [通道, 位置]，得到的却是 ${shape}。`,
  },
  whole: {
    en: "It takes whole numbers: let the network see levels, and put it first.",
    zh: "嵌入层要整数：让网络看到“级”，并把它放在最前面。",
  },
  notWhole: {
    en: "It takes numbers, not levels: put an embedding before it, or let the network see numbers.",
    zh: "这一层要数值而不是“级”：在前面放一个嵌入层，或让网络看到数值。",
  },
  groups: {
    en: (groups: number, from: number, to: number) =>
      `${groups} groups must divide its ${from} input and ${to} output channels.`,
    zh: (groups: number, from: number, to: number) => `${groups} 个组必须整除 ${from} 个输入通道和 ${to} 个输出通道。`,
  },
  tooLarge: {
    en: (kernel: number, side: number) =>
      `Its kernel reaches over ${kernel} cells, and the input has ${side}, its border included.`,
    zh: (kernel: number, side: number) => `核跨 ${kernel} 格，而输入连同填充只有 ${side} 格。`,
  },
  padding: {
    en: (padding: number, kernel: number) => `A padding of ${padding} is too much for a kernel over ${kernel} cells.`,
    zh: (padding: number, kernel: number) => `对跨 ${kernel} 格的核来说，填充 ${padding} 太多。`,
  },
  outputPadding: {
    en: (padding: number, stride: number) =>
      `Its output padding of ${padding} must be below its stride of ${stride} or its dilation.`,
    zh: (padding: number, stride: number) => `输出填充 ${padding} 必须小于步幅 ${stride} 或膨胀率。`,
  },
  pieces: {
    en: (channels: number, pieces: number) => `${pieces} pieces must divide its ${channels} channels.`,
    zh: (channels: number, pieces: number) => `段数 ${pieces} 必须整除 ${channels} 个通道。`,
  },
  start: {
    en: (start: number, shape: string) => `There is no axis ${start} in ${shape}.`,
    zh: (start: number, shape: string) => `${shape} 没有第 ${start} 轴。`,
  },
  noneKept: {
    en: (units: number, p: number) => `Of ${units} units none is kept at a share of ${p}.`,
    zh: (units: number, p: number) => `丢弃比例为 ${p} 时，${units} 个单元一个也不剩。`,
  },
  end: {
    en: (shape: string, outputs: number) =>
      `The network ends with ${shape}; the data need [${outputs}]: end with a linear layer of ${outputs} units.`,
    zh: (shape: string, outputs: number) =>
      `网络以 ${shape} 结束，而数据需要 [${outputs}]：最后放一个有 ${outputs} 个单元的线性层。`,
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
      `Epoch ${epoch}, step ${step}: the loss is ${loss}. The weights are those after epoch ${back}. A lower learning rate than ${lr} may help.`,
    zh: (epoch: number, step: number, loss: string, back: number, lr: number) =>
      `第 ${epoch} 轮第 ${step} 步：损失是${loss === "NaN" ? "非数" : "无穷大"}。权重已退回第 ${back} 轮之后。学习率 ${lr} 可能太大，试试更小的。`,
  },
  digits: {
    en: (status: string) => `The digits could not be fetched (${status}).`,
    zh: (status: string) => `取不到手写数字（${status}）。`,
  },
  ownMissing: {
    en: "There are no data yet: open a file of your own. A link does not bring the files of its author.",
    zh: "还没有数据：请打开你自己的文件。链接不会带来作者的文件。",
  },
  address: {
    en: (names: string) => `The link has values that do not exist here (${names}); the page took others.`,
    zh: (names: string) => `链接里有这里没有的取值（${names}），页面改用了别的值。`,
  },
  notSafetensors: {
    en: (file: string) => `${file} is no whole safetensors file.`,
    zh: (file: string) => `${file} 不是完整的 safetensors 文件。`,
  },
  otherNetwork: {
    en: (file: string, tensor: string) => `${file} holds the weights of another network: ${tensor} does not fit.`,
    zh: (file: string, tensor: string) => `${file} 里是另一个网络的权重：${tensor} 对不上。`,
  },
  changesInCode: {
    en: "The program repeats a training with the same numbers from beginning to end; here some were changed on the way. Reset, and train once more.",
    zh: "导出的程序从头到尾用同一组数值；这次训练途中改过。请重来一次再导出。",
  },
  ownInCode: {
    en: "The program cannot bring your own data along; take the network or its weights.",
    zh: "程序带不走你自己的数据；可以导出网络或权重。",
  },
  tableEmpty: {
    en: (file: string) => `${file} has fewer than four rows below a line of column names.`,
    zh: (file: string) => `${file} 在列名一行之下不足四行数据。`,
  },
  tableQuote: {
    en: (file: string, row: number) => `${file}, row ${row}: a quotation mark is not closed.`,
    zh: (file: string, row: number) => `${file} 第 ${row} 行：有一个引号没有闭合。`,
  },
  tableRow: {
    en: (file: string, row: number, fields: number, names: number) =>
      `${file}, row ${row}: ${fields} values, and the first row names ${names} columns.`,
    zh: (file: string, row: number, fields: number, names: number) =>
      `${file} 第 ${row} 行有 ${fields} 个值，而第一行有 ${names} 个列名。`,
  },
  tableNumbers: {
    en: (file: string) => `${file} has no column of numbers beside the one to be learned.`,
    zh: (file: string) => `${file} 除了要学的那一列之外没有数值列。`,
  },
  tableTarget: {
    en: (file: string, column: string, classes: number) =>
      `${file}: classes in ${column}: ${classes}; from 2 to 10 can be told apart.`,
    zh: (file: string, column: string, classes: number) =>
      `${file}：${column} 列有 ${classes} 种不同的词；可分的是 2 到 10 类。`,
  },
  pictureUnreadable: {
    en: (file: string) => `${file} is no picture that this browser can read.`,
    zh: (file: string) => `${file} 不是浏览器能读的图片。`,
  },
  pictureClasses: {
    en: (classes: number) =>
      `Classes of pictures: ${classes}; from 2 to 10 can be told apart. A folder's name is a class.`,
    zh: (classes: number) => `图片有 ${classes} 类；可分的是 2 到 10 类。文件夹名就是类名。`,
  },
  camera: {
    en: (reason: string) => `There is no camera to be had (${reason}).`,
    zh: (reason: string) => `用不了摄像头（${reason}）。`,
  },
  copy: {
    en: "The link could not be copied: take it from the address bar.",
    zh: "无法复制链接：请从地址栏复制。",
  },
  noCard: {
    en: (reason: string) => `There is no graphics card to train on, so it trains on the processor. ${reason}`,
    zh: (reason: string) => `没有可用的显卡，改用处理器训练。引擎报告（英文）：${reason}`,
  },
  cardToWasm: {
    en: (epoch: number, reason: string) =>
      `The graphics card failed. Training goes on from epoch ${epoch} on the processor. ${reason}`,
    zh: (epoch: number, reason: string) => `显卡出错，改用处理器从第 ${epoch} 轮继续训练。引擎报告（英文）：${reason}`,
  },
  cardToCard: {
    en: (epoch: number, reason: string) =>
      `The graphics card was lost and is back. Training goes on there from epoch ${epoch}. ${reason}`,
    zh: (epoch: number, reason: string) =>
      `显卡一度失去，现已恢复，从第 ${epoch} 轮继续在显卡上训练。引擎报告（英文）：${reason}`,
  },
});
