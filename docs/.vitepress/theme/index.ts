// The default theme of VitePress with the project's colors and the two components that run the engine in the page.
import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { LenetDemo } from "./lenet/demo.js";
import { CompilerStages } from "./stages/stages.js";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("LenetDemo", LenetDemo);
    app.component("CompilerStages", CompilerStages);
  },
} satisfies Theme;
