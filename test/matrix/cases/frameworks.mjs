// Frameworks that make whole sites: each trains in a Web Worker of a page, from a component of its own kind.

import { ENGINE, ending, JS, START, TS } from "../app.mjs";
import { ISOLATION } from "../project.mjs";

const BODY = `useEffect(() => { ${START} }, []);`;
const NEXT = {
  "next.config.mjs": 'export default { output: "export" };',
  "app/layout.js":
    'export const metadata = { title: "…" };\nexport default ({ children }) => <html lang="en"><body>{children}</body></html>;',
  "app/page.js": 'import Learn from "./learn";\nexport default () => <Learn />;',
};
const NEXT_INSTALL = ["next@16", "react@19", "react-dom@19"];
/** What a client component does without a worker: in the page itself. */
const IN_PAGE = `const [said, setSaid] = useState("…"); useEffect(() => { learnXor().then(setSaid); }, []); return said;`;

/** @type {import("../project.mjs").Case[]} */
export const frameworks = [
  ...["turbopack", "webpack"].map((builder) => ({
    name: `Next.js 16, worker, ${builder}`,
    install: NEXT_INSTALL,
    manifest: {},
    files: {
      ...NEXT,
      "app/learn.js": `"use client";\nimport { useEffect } from "react";\nexport default function Learn() { ${ending(BODY, ".js")} return null; }`,
      "app/engine.js": ending(ENGINE, ".js"),
      "app/xor.js": JS,
    },
    commands: [["npx", "next", "build", `--${builder}`]],
    pages: "out",
  })),
  {
    name: "Next.js 16, client component",
    install: NEXT_INSTALL,
    manifest: {},
    files: {
      ...NEXT,
      "app/learn.js": `"use client";\nimport { useEffect, useState } from "react";\nimport { learnXor } from "./xor.js";\nexport default function Learn() { ${IN_PAGE} }`,
      "app/xor.js": JS,
    },
    commands: [["npx", "next", "build"]],
    pages: "out",
  },
  {
    name: "SvelteKit 2",
    install: ["@sveltejs/kit@2", "@sveltejs/adapter-static@3", "@sveltejs/vite-plugin-svelte@6", "svelte@5", "vite@7"],
    files: {
      "svelte.config.js":
        'import adapter from "@sveltejs/adapter-static";\nexport default { kit: { adapter: adapter() } };',
      "vite.config.js": 'import { sveltekit } from "@sveltejs/kit/vite";\nexport default { plugins: [sveltekit()] };',
      "src/app.html":
        '<!doctype html><html lang="en"><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>',
      "src/routes/+page.js": "export const prerender = true;",
      "src/routes/+page.svelte": `<script>import { onMount } from "svelte"; onMount(() => { ${ending(START, ".js")} });</script>`,
      "src/routes/engine.js": ending(ENGINE, ".js"),
      "src/routes/xor.js": JS,
    },
    commands: [["npx", "vite", "build"]],
    pages: "build",
  },
  {
    name: "Nuxt 4",
    install: ["nuxt@4", "vue", "vue-router"],
    files: {
      "nuxt.config.ts": `export default defineNuxtConfig({ telemetry: false, routeRules: { "/**": { headers: ${JSON.stringify(ISOLATION)} } } });`,
      "app/app.vue": `<script setup>import { onMounted } from "vue"; onMounted(() => { ${ending(START, ".js")} });</script><template><p>…</p></template>`,
      "app/engine.js": ending(ENGINE, ".js"),
      "app/xor.js": JS,
    },
    commands: [["npx", "nuxt", "build"]],
    serve: (port) => ["sh", "-c", `PORT=${port} exec node .output/server/index.mjs`],
  },
  {
    name: "Astro",
    install: ["astro", "node@24"],
    files: {
      "src/pages/index.astro":
        '<html lang="en"><head><title>…</title></head><body><script src="../main.js"></script></body></html>',
      "src/main.js": ending(START, ".js"),
      "src/engine.js": ending(ENGINE, ".js"),
      "src/xor.js": JS,
    },
    commands: [["npx", "astro", "build"]],
    pages: "dist",
  },
  {
    name: "Angular",
    install: [
      ...["build", "cli", "compiler-cli"].map((name) => `@angular/${name}@22`),
      ...["common", "compiler", "core", "platform-browser"].map((name) => `@angular/${name}@22`),
      ...["rxjs", "tslib", "typescript@6", "node@24"],
    ],
    manifest: {},
    files: {
      "angular.json": JSON.stringify({
        version: 1,
        projects: {
          app: {
            projectType: "application",
            root: "",
            sourceRoot: "src",
            architect: {
              build: {
                builder: "@angular/build:application",
                options: {
                  outputPath: "dist",
                  index: "src/index.html",
                  browser: "src/main.ts",
                  tsConfig: "tsconfig.json",
                  webWorkerTsConfig: "tsconfig.worker.json",
                },
              },
            },
          },
        },
      }),
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          target: "es2022",
          module: "preserve",
          moduleResolution: "bundler",
          experimentalDecorators: true,
          strict: true,
        },
        files: ["src/main.ts"],
      }),
      "tsconfig.worker.json": JSON.stringify({
        compilerOptions: {
          target: "es2022",
          module: "preserve",
          moduleResolution: "bundler",
          lib: ["es2022", "webworker"],
          types: [],
        },
        files: ["src/engine.worker.ts"],
      }),
      "src/index.html":
        '<!doctype html><html lang="en"><head><base href="/"><title>…</title></head><body><app-root></app-root></body></html>',
      "src/main.ts": `import { Component, provideZonelessChangeDetection } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
@Component({ selector: "app-root", template: "…" })
class App { constructor() { ${START.replace("./engine", "./engine.worker")} } }
bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] });`,
      "src/engine.worker.ts": ENGINE,
      "src/xor.ts": TS,
    },
    commands: [["npx", "ng", "build"]],
    pages: "dist/browser",
  },
  {
    name: "Observable Framework",
    install: ["@observablehq/framework"],
    files: {
      "observablehq.config.js": 'export default { root: "src" };',
      "src/index.md":
        'Trains.\n\n```js\nimport { learnXor } from "./xor.js";\ndocument.title = await learnXor();\n```\n',
      "src/xor.js": JS,
    },
    commands: [["npx", "observable", "build"]],
    pages: "dist",
  },
];
