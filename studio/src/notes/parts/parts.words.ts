// The words of the parts that notes are made of.
import { words } from "../../i18n/words.js";

export default words({
  play: { en: "Play", zh: "开始" },
  pause: { en: "Pause", zh: "暂停" },
  step: { en: "One step", zh: "走一步" },
  reset: { en: "Begin again", zh: "重新开始" },
  contents: { en: "Living notes", zh: "交互式笔记" },
  chapters: { en: "Sections of the notes", zh: "笔记的各节" },
  both: { en: "Both languages side by side", zh: "中英对照" },
  before: { en: (title: string) => `← ${title}`, zh: (title: string) => `← ${title}` },
  after: { en: (title: string) => `${title} →`, zh: (title: string) => `${title} →` },
  neighbours: { en: "Previous and next section", zh: "上一节与下一节" },
  tryIt: { en: "See it work", zh: "动手看看" },
  figure: {
    en: (n: string, title: string) => `Figure ${n}: ${title}`,
    zh: (n: string, title: string) => `图 ${n}：${title}`,
  },
});
