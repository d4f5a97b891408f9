// The words around running an experiment in the page, in English and Chinese.
import { words } from "../../i18n/words.js";

export default words({
  run: { en: "Run it here", zh: "在这里运行" },
  stop: { en: "Stop", zh: "停止" },
  seed: { en: "Seed", zh: "种子" },
  stored: { en: (seed: number) => `${seed}, which is stored`, zh: (seed: number) => `${seed}（已有存值）` },
  fresh: { en: (seed: number) => `${seed}, never run before`, zh: (seed: number) => `${seed}（从未运行过）` },
  hint: {
    en: (date: string, seeds: number) =>
      `Stored: ${seeds} seeds, ${date}. One seed runs in this page within some seconds, on a phone longer.`,
    zh: (date: string, seeds: number) => `存值：${seeds} 个种子，${date}。在本页运行一个种子只要几秒，手机上更久。`,
  },
  running: {
    en: (seconds: number) => `Running for ${seconds} s …`,
    zh: (seconds: number) => `已运行 ${seconds} 秒……`,
  },
  done: {
    en: (seed: number, seconds: string, threads: number) =>
      `Seed ${seed} took ${seconds} s with ${threads === 1 ? "1 thread" : `${threads} threads`}.`,
    zh: (seed: number, seconds: string, threads: number) => `种子 ${seed} 用时 ${seconds} 秒，${threads} 个线程。`,
  },
  compared: {
    en: (same: number, all: number) =>
      same === all
        ? `All ${all} numbers are the stored ones, to the last digit. Diamonds show them.`
        : `${same} of ${all} numbers are the stored ones, to the last digit. Diamonds show what came out here.`,
    zh: (same: number, all: number) =>
      same === all
        ? `全部 ${all} 个数值都与存值一致，直到最后一位。图中菱形就是它们。`
        : `${all} 个数值中有 ${same} 个与存值完全一致。图中菱形是这里算出的值。`,
  },
  added: {
    en: (seed: number) => `Diamonds show seed ${seed} among the stored seeds; it does not count toward the verdict.`,
    zh: (seed: number) => `图中菱形是种子 ${seed}，与存下的各个种子并列；它不计入结论。`,
  },
  digits: {
    en: (status: string) => `The digits could not be loaded (${status}). Try again where the pages can be reached.`,
    zh: (status: string) => `数字图像没能载入（${status}）。请在能访问本站时再试。`,
  },
  engine: {
    en: (message: string) => `It did not run. The browser says: ${message}`,
    zh: (message: string) => `没有运行成功。浏览器报告：${message}`,
  },
  own: { en: (value: string) => `here: ${value}`, zh: (value: string) => `这里：${value}` },
});
