// The words of the frame around every page.
import { words } from "../i18n/words.js";

export default words({
  playground: { en: "Playground", zh: "实验场" },
  notes: { en: "Notes", zh: "笔记" },
  runs: { en: "Runs", zh: "训练记录" },
  pages: { en: "Pages", zh: "页面" },
  language: { en: "Language", zh: "语言" },
  theme: { en: "Colors", zh: "配色" },
  auto: { en: "Auto", zh: "自动" },
  light: { en: "Light", zh: "浅色" },
  dark: { en: "Dark", zh: "深色" },
  skip: { en: "Skip to the content", zh: "跳到正文" },
});
