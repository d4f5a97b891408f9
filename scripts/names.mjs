// Writes docs/names.md, and the same page in Chinese, from scripts/names/table.mjs: `npm run names`. With `--golden PYTHON` it first
// asks PyTorch, NumPy and TensorFlow.js for their values, and keeps them in test/goldens/names.json: PYTHON is one that has the
// first two, and bench/peers has the third (`npm ci --prefix bench/peers`). `--print en` or `--print zh` only prints a page.
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { INTEGERS, SECTIONS, VALUES } from "./names/table.mjs";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const TEXTS = {
  en: {
    introduction: `# Names side by side

Functions, layers, losses and optimizers of Tidu beside their counterparts in PyTorch, NumPy and TensorFlow.js. A test runs every
cell of Tidu and compares its values with those that VERSIONS computed. Of layers, losses and
optimizers only the names are compared; their defaults may differ.

\`x\` and \`y\` are [2, 3] matrices, \`z\` is [1, 1, 3], \`v\` and \`w\` are vectors, \`i\` and \`k\` hold whole numbers, \`p\` are parameters;
\`F\` is \`torch.nn.functional\`. Methods belong to \`Tensor\`. Functions come from \`tidu\`, as do \`nn\`, \`loss\`, \`optim\`, \`init\` and
\`signal\`. Whole programs stand side by side in the guides for [PyTorch](from/pytorch.md), [Keras](from/keras.md),
[TensorFlow.js](from/tfjs.md) and [scikit-learn](from/scikit-learn.md).
`,
  },
  zh: {
    introduction: `# 名称对照

Tidu 的函数、层、损失和优化器，与 PyTorch、NumPy 和 TensorFlow.js 中对应的名称。测试会运行 Tidu 一列的每一格，并把结果与 VERSIONS 算出的结果比较。层、损失和优化器只对照名称，它们的默认值可能不同。

\`x\` 与 \`y\` 是 [2, 3] 的矩阵，\`z\` 的形状是 [1, 1, 3]，\`v\` 与 \`w\` 是向量，\`i\` 与 \`k\` 是整数张量，\`p\` 是参数；\`F\` 指 \`torch.nn.functional\`。方法属于 \`Tensor\`；函数来自 \`tidu\`，\`nn\`、\`loss\`、\`optim\`、\`init\` 和 \`signal\` 也来自那里。完整程序的对照见 [PyTorch](from/pytorch.md)、[Keras](from/keras.md)、[TensorFlow.js](from/tfjs.md) 和 [scikit-learn](from/scikit-learn.md) 的迁移指南。
`,
  },
};

const code = (text) => (text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``);

/** @param {"en" | "zh"} language */
function page(language, { versions }) {
  const names = `PyTorch ${versions.torch}, NumPy ${versions.numpy} and TensorFlow.js ${versions.tfjs}`;
  const said = language === "en" ? names : names.replaceAll(/, | and /g, "、");
  const parts = SECTIONS.map(({ name, rows }) => {
    const columns = ["Tidu", "PyTorch", "NumPy", "TensorFlow.js"].map((title, i) => ({ title, i }));
    const used = columns.filter(({ i }) => rows.some((row) => row[i] !== ""));
    const lines = rows.map((row) => `| ${used.map(({ i }) => code(row[i])).join(" | ")} |`);
    const head = `| ${used.map(({ title }) => title).join(" | ")} |\n|${"---|".repeat(used.length)}`;
    return `## ${name[language === "en" ? 0 : 1]}\n\n${head}\n${lines.join("\n")}\n`;
  });
  return [TEXTS[language].introduction.replace("VERSIONS", said), ...parts].join("\n");
}

/** The cells of a library, each with what is compared. */
const cellsOf = (column) =>
  SECTIONS.flatMap(({ compared, rows }) =>
    rows.flatMap((row) => (row[column] === "" ? [] : [[row[column], compared]])),
  );

async function golden(python) {
  const asked = { values: VALUES, integers: INTEGERS, torch: cellsOf(1), numpy: cellsOf(2) };
  const input = JSON.stringify(asked);
  const answers = JSON.parse(execFileSync(python, [at("test/goldens/names.py")], { input, encoding: "utf8" }));
  const tf = createRequire(at("bench/peers/package.json"))("@tensorflow/tfjs");
  await tf.setBackend("cpu");
  const scope = { tf };
  for (const [name, value] of Object.entries(VALUES)) scope[name] = tf.tensor(value);
  for (const [name, value] of Object.entries(INTEGERS)) scope[name] = tf.tensor(value, undefined, "int32");
  const plain = (value) =>
    Array.isArray(value) ? value.map(plain) : value instanceof tf.Tensor ? value.arraySync() : value;
  answers.tfjs = {};
  for (const [text, compared] of cellsOf(3)) {
    const value = await new Function(...Object.keys(scope), `return (async () => (${text}))();`)(
      ...Object.values(scope),
    );
    if (value === undefined) throw new Error(`TensorFlow.js has no ${text}`);
    const result = ArrayBuffer.isView(value) ? [...value] : plain(value);
    answers.tfjs[text] = compared === "values" ? result : compared === "shapes" ? value.shape : null;
  }
  answers.versions.tfjs = tf.version.tfjs;
  answers.versions.torch = answers.versions.torch.split("+")[0];
  await writeFile(at("test/goldens/names.json"), `${JSON.stringify(answers)}\n`);
}

const [first, second] = process.argv.slice(2);
if (first === "--golden") await golden(second);
const answers = JSON.parse(await readFile(at("test/goldens/names.json"), "utf8"));
if (first === "--print") process.stdout.write(page(second, answers));
else {
  await writeFile(at("docs/names.md"), page("en", answers));
  await writeFile(at("docs/zh/names.md"), page("zh", answers));
}
