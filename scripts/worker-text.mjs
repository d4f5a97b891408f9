// Writes worker-text.ts: the engine's worker.js as a string, without comments, for where threads are started from text.
import { readFile, writeFile } from "node:fs/promises";
import ts from "typescript";

const folder = new URL("../packages/tidu/src/runtime/", import.meta.url);
const target = new URL("node/worker-text.ts", folder);

const source = await readFile(new URL("wasm/worker.js", folder), "utf8");
const { outputText } = ts.transpileModule(source, {
  compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true },
});
const text = outputText.replace(/\n\s+/g, "\n").trim();
const file = `// Made of worker.js by scripts/worker-text.mjs: what a thread runs, for where it is started from text.
export const WORKER_TEXT =
  '${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}';
`;
if ((await readFile(target, "utf8").catch(() => "")) !== file) await writeFile(target, file);
