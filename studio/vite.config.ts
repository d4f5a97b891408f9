// How the studio's pages are built and served.
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { ALIASES, SOURCES } from "../scripts/sources.mjs";
import { digits } from "./digits.js";
import { formulas } from "./formulas.js";
import { pagesIn } from "./pages.js";

const root = fileURLToPath(new URL(".", import.meta.url));

/** The package says of its dist/index.js that importing it does something: it installs the device. So does its source. */
const installs = (): Plugin => ({
  name: "tidu-installs",
  transform: { filter: { id: SOURCES.tidu }, handler: () => ({ moduleSideEffects: true }) },
});

export default defineConfig({
  root,
  // The pages work from any folder of any host.
  base: "./",
  resolve: { alias: ALIASES },
  plugins: [installs(), formulas(), digits()],
  worker: { format: "es", plugins: () => [installs()] },
  build: {
    outDir: "../packages/cli/dist/studio/site",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    // The policy of the pages allows no data: addresses.
    assetsInlineLimit: 0,
    rolldownOptions: { input: pagesIn(root) },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
