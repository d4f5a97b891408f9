// The front page's button: trains LeNet in a worker of the reader's browser and shows what it makes of test digits.
import { useData, withBase } from "vitepress";
import { defineComponent, h, nextTick, onUnmounted, reactive, useTemplateRef } from "vue";
import { type News, SHOWN } from "./news.js";

const WORDS = {
  en: {
    train: "Train LeNet in this page",
    again: "Train again",
    loading: "Fetching 7,000 digits …",
    loss: (value: string) => `loss ${value}`,
    epoch: (epoch: number, accuracy: string, seconds: string) =>
      `epoch ${epoch}: ${accuracy}% of 1,000 test digits, after ${seconds} s`,
    digit: (digit: number, sure: string) => `${digit}, probability ${sure}%`,
  },
  zh: {
    train: "在本页训练 LeNet",
    again: "再训练一次",
    loading: "正在下载 7,000 个手写数字……",
    loss: (value: string) => `损失 ${value}`,
    epoch: (epoch: number, accuracy: string, seconds: string) =>
      `第 ${epoch} 轮：1,000 个测试数字的准确率 ${accuracy}%，用时 ${seconds} 秒`,
    digit: (digit: number, sure: string) => `${digit}，概率 ${sure}%`,
  },
};

interface State {
  phase: "idle" | "loading" | "training" | "done";
  done: number;
  loss: number;
  lines: string[];
  digits: readonly number[];
  sure: readonly number[];
}

const SIDE = 28;

export const LenetDemo = defineComponent({
  name: "LenetDemo",
  setup() {
    const { lang } = useData();
    const state: State = reactive({ phase: "idle", done: 0, loss: Number.NaN, lines: [], digits: [], sure: [] });
    const list = useTemplateRef<HTMLElement>("list");
    let worker: Worker | undefined;
    onUnmounted(() => worker?.terminate());

    const hear = async (news: News): Promise<void> => {
      const words = WORDS[lang.value.startsWith("zh") ? "zh" : "en"];
      if (news.kind === "step") Object.assign(state, { phase: "training", done: news.done, loss: news.loss });
      if (news.kind === "epoch") {
        state.lines.push(words.epoch(news.epoch, (100 * news.accuracy).toFixed(1), news.seconds.toFixed(1)));
      }
      if (news.kind === "failed") Object.assign(state, { phase: "done", lines: [...state.lines, news.message] });
      if (news.kind === "end") state.phase = "done";
      if (news.kind !== "digits") return;
      Object.assign(state, { digits: news.digits, sure: news.sure });
      await nextTick();
      for (const [i, canvas] of [...(list.value?.querySelectorAll("canvas") ?? [])].entries())
        draw(canvas, news.pixels, i);
    };

    const start = (): void => {
      worker?.terminate();
      Object.assign(state, { phase: "loading", done: 0, loss: Number.NaN, lines: [], digits: [], sure: [] });
      worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
      worker.onmessage = ({ data }: MessageEvent<News>) => void hear(data);
      worker.onerror = ({ message }) => void hear({ kind: "failed", message });
      worker.postMessage(new URL(withBase("/studio/digits/"), location.href).href);
    };

    return () => {
      const words = WORDS[lang.value.startsWith("zh") ? "zh" : "en"];
      const busy = state.phase === "loading" || state.phase === "training";
      const now =
        state.phase === "loading" ? words.loading : state.phase === "training" ? words.loss(state.loss.toFixed(3)) : "";
      return h("section", { class: "lenet", "aria-label": "LeNet-5" }, [
        h("div", { class: "lenet-run" }, [
          h(
            "button",
            { type: "button", disabled: busy, onClick: start },
            state.phase === "done" ? words.again : words.train,
          ),
          busy ? h("progress", { value: state.done, max: 1, "aria-label": now }) : undefined,
          h("span", { class: "lenet-now" }, now),
        ]),
        h(
          "div",
          { role: "status" },
          state.lines.map((line) => h("p", line)),
        ),
        state.digits.length === 0
          ? undefined
          : h(
              "ol",
              { class: "lenet-digits", ref: "list" },
              Array.from({ length: SHOWN }, (_, i) =>
                h("li", { key: i }, [
                  h("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" }),
                  h("b", { title: words.digit(state.digits[i], (100 * state.sure[i]).toFixed(1)) }, state.digits[i]),
                ]),
              ),
            ),
      ]);
    };
  },
});

/** Draws picture i of the batch, ink on transparent paper. */
function draw(canvas: HTMLCanvasElement, pixels: ArrayLike<number>, i: number): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const ink = getComputedStyle(canvas).color.match(/\d+/g)?.map(Number) ?? [0, 0, 0];
  const image = context.createImageData(SIDE, SIDE);
  for (let p = 0; p < SIDE * SIDE; p++)
    image.data.set([ink[0], ink[1], ink[2], 255 * pixels[i * SIDE * SIDE + p]], 4 * p);
  context.putImageData(image, 0, 0);
}
