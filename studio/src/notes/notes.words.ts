// The words that all notes share.
import { words } from "../i18n/words.js";

export default words({
  title: { en: "Living notes", zh: "交互式笔记" },
  intro: {
    en: "Notes on deep learning with figures that compute. The engine that trains networks in the playground works out the numbers of every figure as you move it. The answers in the margin are measurements that were made once; each names its command.",
    zh: "一份插图会计算的深度学习笔记。实验场里训练网络的引擎，会随着你的操作实时算出每幅图里的数。页边的回答是事先做好的测量，每个回答都写明所用的命令。",
  },
  how: {
    en: "Use the pointer or the arrow keys for sliders and figures. In the margin are questions that a measurement answers; each can be run in the page, for one seed.",
    zh: "滑块和图可以用指针操作，也可以用方向键操作。页边是用测量来回答的问题，每个都可以在页面里对一个种子运行一遍。",
  },
});
