// Compiles a training step of LeNet in the reader's browser and shows what each stage makes of it.
import { useData } from "vitepress";
import { defineComponent, h, reactive } from "vue";

const WORDS = {
  en: {
    compile: "Compile the step in this page",
    batch: "Batch size",
    graph: "The simplified graph",
    program: "The program",
  },
  zh: { compile: "在本页编译这一步", batch: "批量大小", graph: "化简后的计算图", program: "程序" },
};
const LINES = { graph: /^%/gm, program: /^\s*kernel /gm };

export const CompilerStages = defineComponent({
  name: "CompilerStages",
  setup() {
    const { lang } = useData();
    const state = reactive({ batch: 64, graph: "", program: "", error: "" });
    const run = async (): Promise<void> => {
      try {
        const { compileStep } = await import("./compiled.js");
        Object.assign(state, compileStep(state.batch), { error: "" });
      } catch (error) {
        state.error = String(error);
      }
    };
    return () => {
      const words = WORDS[lang.value.startsWith("zh") ? "zh" : "en"];
      const text = (kind: "graph" | "program") =>
        state[kind] === ""
          ? undefined
          : h("details", { open: true }, [
              h("summary", `${words[kind]} (${state[kind].match(LINES[kind])?.length ?? 0})`),
              h("pre", { tabindex: 0 }, state[kind]),
            ]);
      return h("section", { class: "stages" }, [
        h("label", [
          `${words.batch} `,
          h("input", {
            type: "number",
            min: 1,
            max: 1024,
            value: state.batch,
            onChange: (event: Event) => {
              state.batch = Math.min(
                1024,
                Math.max(1, Math.round(Number((event.target as HTMLInputElement).value)) || 1),
              );
            },
          }),
        ]),
        h("button", { type: "button", onClick: () => void run() }, words.compile),
        h("div", { role: "status" }, state.error),
        text("graph"),
        text("program"),
      ]);
    };
  },
});
