// The menus of both languages: one list of pages, each with its name in English and Chinese.

type Name = readonly [english: string, chinese: string];
interface Part {
  readonly name: Name;
  readonly pages: readonly (readonly [path: string, name: Name])[];
}

const PARTS: readonly Part[] = [
  {
    name: ["Learn", "学习"],
    pages: [
      ["learn/first-network", ["Your first network in ten minutes", "十分钟写出第一个网络"]],
      ["learn/your-data", ["Your own data", "用你自己的数据"]],
      ["learn/what-went-wrong", ["What went wrong", "哪里出了问题"]],
      ["learn/machine-code", ["How a training step becomes machine code", "一步训练如何变成机器码"]],
    ],
  },
  {
    name: ["Do", "实践"],
    pages: [
      ["do/node", ["Train in Node", "在 Node 中训练"]],
      ["do/page", ["Train in a page", "在网页中训练"]],
      ["cluster", ["Train in many processes", "多进程训练"]],
      ["do/graphics-card", ["Train on a graphics card", "在显卡上训练"]],
      ["do/fine-tune", ["Fine-tune a network", "微调网络"]],
      ["do/export", ["Export a network", "导出网络"]],
      ["do/reproduce", ["Reproducible experiments", "可复现的实验"]],
      ["do/deploy", ["Deploy with a budget", "按预算部署"]],
    ],
  },
  {
    name: ["Coming from", "从其他框架迁移"],
    pages: [
      ["from/pytorch", ["PyTorch", "PyTorch"]],
      ["from/keras", ["Keras", "Keras"]],
      ["from/tfjs", ["TensorFlow.js", "TensorFlow.js"]],
      ["from/scikit-learn", ["scikit-learn", "scikit-learn"]],
      ["names", ["Names side by side", "名称对照"]],
    ],
  },
];

/** What is written for those who build Tidu, or need every detail. */
const DETAILS: readonly (readonly [path: string, name: Name])[] = [
  ["data", ["Data files", "数据文件"]],
  ["training", ["Training in detail", "训练详解"]],
  ["augmentation", ["Augmentation", "数据增强"]],
  ["models", ["Model files", "模型文件"]],
  ["browser", ["Browsers", "浏览器"]],
  ["tools", ["Bundlers and runtimes", "打包工具与运行时"]],
  ["design", ["Design", "设计"]],
  ["performance", ["Performance", "性能"]],
  ["benchmarks", ["Benchmarks", "基准测试"]],
  ["growth", ["How times grow with size", "时间随规模的增长"]],
  ["experiments", ["Experiments", "实验"]],
];

function menus(language: 0 | 1, home: string, detailsName: string) {
  const item =
    (root: string) =>
    ([path, name]: readonly [string, Name]) => ({ text: name[language], link: `${root}${path}` });
  const parts = PARTS.map(({ name, pages }) => ({ text: name[language], items: pages.map(item(home)) }));
  return {
    sidebar: [...parts, { text: detailsName, collapsed: true, items: DETAILS.map(item(home)) }],
    nav: [
      ...parts.map(({ text, items }) => ({
        text,
        link: items[0].link,
        activeMatch: items[0].link.replace(/[^/]+$/, ""),
      })),
      { text: ["Reference", "参考"][language], link: `${home}api/` },
      { text: ["Playground", "实验场"][language], link: "/studio/index.html", target: "_self" },
      { text: ["Notes", "笔记"][language], link: "/studio/notes/index.html", target: "_self" },
    ],
  };
}

export const english = { themeConfig: menus(0, "/", "Details") };

export const chinese = {
  themeConfig: {
    ...menus(1, "/zh/", "细节"),
    outline: { label: "本页内容" },
    docFooter: { prev: "上一页", next: "下一页" },
    darkModeSwitchLabel: "外观",
    lightModeSwitchTitle: "浅色",
    darkModeSwitchTitle: "深色",
    sidebarMenuLabel: "目录",
    returnToTopLabel: "回到顶部",
    langMenuLabel: "语言",
    skipToContentLabel: "跳到正文",
  },
};
