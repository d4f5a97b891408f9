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

What PyTorch, NumPy and TensorFlow.js call what Tidu has. A test runs all cells of Tidu. Where tensors come out, it compares them with
what the other libraries computed: VERSIONS.

\`x\` and \`y\` are [2, 3] matrices, \`z\` is [1, 1, 3], \`v\` and \`w\` are vectors, \`i\` and \`k\` whole numbers, \`p\` parameters;
\`F\` is \`torch.nn.functional\`. Methods belong to \`Tensor\`. Functions come from \`tidu\`, as do \`nn\`, \`loss\`, \`optim\`, \`init\` and
\`signal\`; [PyTorch](from/pytorch.md), [Keras](from/keras.md) and [TensorFlow.js](from/tfjs.md) are compared in whole programs elsewhere.
`,
  },
  zh: {
    introduction: `# 名称对照

Tidu 里的功能在 PyTorch、NumPy 与 TensorFlow.js 中叫什么。测试会运行 Tidu 一列的每一格；结果是张量的，还会与其他库算出的结果比较：VERSIONS。

\`x\` 与 \`y\` 是 [2, 3] 的矩阵，\`z\` 的形状是 [1, 1, 3]，\`v\` 与 \`w\` 是向量，\`i\` 与 \`k\` 是整数，\`p\` 是参数；\`F\` 指 \`torch.nn.functional\`。方法属于 \`Tensor\`；函数来自 \`tidu\`，\`nn\`、\`loss\`、\`optim\`、\`init\` 和 \`signal\` 也来自那里。与 [PyTorch](from/pytorch.md)、[Keras](from/keras.md)、[TensorFlow.js](from/tfjs.md) 的完整程序对照见各自的页面。
`,
  },
};

const code = (text) => (text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``);

/** @param {"en" | "zh"} language */
function page(language, { versions }) {
  const names = `PyTorch ${versions.torch}, NumPy ${versions.numpy}, TensorFlow.js ${versions.tfjs}`;
  const said = language === "en" ? names : names.replaceAll(", ", "、");
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
