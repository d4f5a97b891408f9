import { words } from "../i18n/words.js";

export default words({
  title: { en: "Living notes", zh: "活的笔记" },
  intro: {
    en: "Notes on deep learning in which every figure computes. Nothing is a picture: the engine that trains networks in the playground works out each number on this page, as you move it.",
    zh: "一份每幅图都在计算的深度学习笔记。没有一张是现成的图片：实验场里训练网络的同一个引擎，随着你的操作当场算出页面上的每个数。",
  },
  how: {
    en: "Sliders and figures follow the arrow keys as well as the pointer. What has a question mark in the margin is answered by measurement where it has been measured.",
    zh: "滑块和图既听指针的，也听方向键的。页边打了问号的地方，凡已测量过的，都用测量来回答。",
  },
});
