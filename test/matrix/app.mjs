// The app that every project has: a network that learns XOR, saves itself as ONNX, and says so.

const TRAIN = `
async function learnXor() {
  const data = dataset(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), [2], Uint8Array.of(0, 1, 1, 0));
  const net = nn.sequential(nn.linear(2, 8), nn.tanh(), nn.linear(8, 2));
  const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.05 }), seed: 1 });
  let accuracy = 0;
  for await (const epoch of trainer.fit(data, { epochs: 100, batchSize: 4 })) accuracy = epoch.accuracy ?? 0;
  const file = await exportOnnx(net, [2]);
  const again = importOnnx(file);
  const same = again instanceof nn.Module && file.length > 100;
  await (device() as WasmDevice).ready();
  return "accuracy " + accuracy + ", ONNX " + same + ", threads " + (device() as WasmDevice).threads;
}
`;
const plain = (/** @type {string} */ text) => text.replaceAll(" as WasmDevice", "");

const NAMES = "device, loss, nn, optim, Trainer";
/** A module in TypeScript, and in JavaScript. */
export const TS = `import { ${NAMES}, type WasmDevice } from "tidu";
import { dataset } from "tidu/data";
import { exportOnnx, importOnnx } from "@tidu/onnx";
${TRAIN.replace("async", "export async").replace("learnXor()", "learnXor(): Promise<string>")}`;
export const JS = `import { ${NAMES} } from "tidu";
import { dataset } from "tidu/data";
import { exportOnnx, importOnnx } from "@tidu/onnx";
${plain(TRAIN).replace("async", "export async")}`;
/** The same for CommonJS. */
export const CJS = `const { ${NAMES} } = require("tidu");
const { dataset } = require("tidu/data");
const { exportOnnx, importOnnx } = require("@tidu/onnx");
${plain(TRAIN)}
module.exports = { learnXor };`;

/** Says it where there is a console. */
export const MAIN = `import { learnXor } from "./xor.js";\nlearnXor().then((said) => console.log(said));\n`;
export const MAIN_CJS = `require("./xor.cjs").learnXor().then((said) => console.log(said));\n`;

/** The thread in which it trains in a page, and the page's side of it. */
export const ENGINE = `import { learnXor } from "./xor";
learnXor().then((said) => postMessage(said), (error) => postMessage("failed: " + error));
`;
export const START = `
const worker = new Worker(new URL("./engine", import.meta.url), { type: "module" });
worker.addEventListener("message", ({ data }) => { document.title = data; });
worker.addEventListener("error", ({ message }) => { document.title = "failed: " + message; });
`;
/** With the ends of names that a tool asks for. @param {string} text @param {string} end */
export const ending = (text, end) => text.replaceAll(/"(\.\/(?:xor|engine))"/g, `"$1${end}"`);
export const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>…</title>
<link rel="icon" href="data:,"></head><body><script type="module" src="./main.js"></script></body></html>`;
/** A page's files in plain JavaScript. */
export const PAGE = {
  "index.html": HTML,
  "main.js": ending(START, ".js"),
  "engine.js": ending(ENGINE, ".js"),
  "xor.js": JS,
};
