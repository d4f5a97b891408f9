// Checks the project's sentences, in English and Chinese: spelling, headings, words that the glossary forbids, the length of
// sentences, and the form of errors. Sources are checked, too: words and American spelling in comments and strings, and a line at the top
// that says why a file exists. So is the reference: every public name has a comment, and every comment a Chinese text.
// `node scripts/prose.mjs` prints what is wrong, and where.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { spellCheckDocument } from "cspell-lib";
import { messageProblems, messagesOf } from "./prose/errors.mjs";
import { britishIn, proseOfSource, saysWhy, sourceFiles, trackedFiles } from "./prose/sources.mjs";
import { readComments, referenceProblems } from "./reference-bodies.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WORDS = (await readFile(new URL("words.txt", import.meta.url), "utf8")).split(/\s+/).filter((w) => w !== "");

/** Words that the glossary replaces: a pattern, and the word to use. */
const FORBIDDEN = [
  [/\bin learning\b/i, "during training"],
  [/\bin use rather than\b|(?<=^|[.,;:] |\band )in use(?=[,;:.])/i, "at inference"],
  [/\bbends?\b|\bbent\b(?!-)/i, "nonlinearity, activation function"],
  [/\bfirst weights\b/i, "initial weights"],
  [/\bby heart\b/i, "overfit, memorize"],
  [/\bdigits read\b/i, "accuracy"],
  [/\bmean error\b/i, "mean absolute error"],
  [/\bthe same bits\b.*\bthe same bits\b/i, "bit-identical"],
  [/\bone's own\b/i, "your own"],
  [/\bwhoever\b/i, "name the reader: you"],
];
/** How a page writes a percentage; quotations may differ. */
const SHARES = [[/(?<=\d) %(?![\w("”])/, "95%, without a space"]];

/** The same for Chinese pages. */
const FORBIDDEN_CHINESE = [
  [/激励函数/, "激活函数"],
  [/弯(?!曲|折|路|腰|道|月)/, "非线性"],
  [/舍掉|撇开|扔掉/, "丢弃"],
  [/认出|正确率|识别率/, "准确率"],
  [/起始权重/, "初始权重"],
  [/步子/, "步"],
  [/空洞卷积|扩张率/, "膨胀率"],
  [/批大小/, "批量大小"],
  [/花样/, "模式"],
  [/隔一取一/, "步幅 2 下采样"],
  [/各学各/, "独立训练"],
  [/抽签/, "采样"],
  [/优胜者/, "最大值"],
  [/人家/, "你"],
  [/计算核/, "内核"],
  [/本机代码/, "原生代码"],
  [/缩并/, "收缩"],
  [/学习率计划/, "学习率调度"],
];
/** How Chinese is set: its own punctuation, a space between it and Latin letters or digits, none within it. */
const CHINESE_FORM = [
  [/\p{Script=Han} ?[,;:!?](?=[\s\p{Script=Han}]|$)|[,;:!?] ?(?=\p{Script=Han})/u, "Chinese punctuation: ，；：！？"],
  [/\p{Script=Han}\((?!\))|(?<=\p{Script=Han}[^(|]*)\)(?=\p{Script=Han})/u, "Chinese brackets: （）"],
  [
    /\p{Script=Han}(?=[A-Za-z0-9])|[A-Za-z0-9%](?=\p{Script=Han})/u,
    "a space between Chinese and Latin letters or digits",
  ],
  [/[\p{Script=Han}，、；：。！？）”]\n(?=[\p{Script=Han}（“])/u, "a paragraph in one line; a break shows as a blank"],
];

/** Text of a page without code, link addresses and tags. Line numbers stay the same. */
const proseOf = (text) =>
  text
    .replaceAll(/^---\n.*?^---$/gms, blank)
    .replaceAll(/<!--.*?-->/gs, blank)
    .replaceAll(/^(```|~~~).*?^\1$/gms, blank)
    .replaceAll(/^<<<.*$/gm, blank)
    .replaceAll(/`[^`\n]*`|\]\([^)]*\)|<[^>]*>|https?:\/\/\S+/g, (part) => " ".repeat(part.length));
const blank = (part) => part.replaceAll(/[^\n]/g, " ");

const lineOf = (text, offset) => text.slice(0, offset).split("\n").length;

async function* pages() {
  for (const name of trackedFiles(ROOT)) if (/\.md$/.test(name) && !OTHER_PAGES.test(name)) yield name;
}
/** Exceptions: Chinese pages, pages generated from sources, and experiments, whose headings are questions. */
const OTHER_PAGES = /^docs\/(zh|experiments\.md)|zh-CN|\/api\.md$/;

/** A heading has capitals only at its start and in names. */
function headingProblems(text) {
  const problems = [];
  for (const match of text.matchAll(/^#+ (.+)$/gm)) {
    const later = match[1].split(/[:.?!]\s/).flatMap((part) => part.trim().split(/\s+/).slice(1));
    const wrong = later.filter((word) => /^\p{Lu}\p{Ll}+/u.test(word) && !WORDS.includes(word.replace(/\W+$/, "")));
    if (wrong.length > 0)
      problems.push([match.index, `heading: write ${wrong.join(", ")} small, or add it to scripts/words.txt`]);
  }
  return problems;
}

/** Most words in a sentence of a page. Code does not count, nor do lists of names. */
const LONGEST = 30;
const NAMES = /(?:[\w.]+, ){6,}/g;
/** Up to the end of a sentence, a paragraph or an item. */
const SENTENCE = /(?:(?![.!?:;]\s|\n\s*\n|\n\s*(?:[-*]|\d+\.) )[\s\S])+/g;

const longSentences = (text) =>
  [...text.replaceAll(/^[#|].*$/gm, blank).matchAll(SENTENCE)].flatMap((match) => {
    const count = match[0].replaceAll(NAMES, "").match(/\p{L}\S*/gu)?.length ?? 0;
    if (count <= LONGEST) return [];
    const start = match.index + match[0].search(/\S/);
    return [[start, `a sentence has ${count} words; make two of it, of ${LONGEST} at most`]];
  });

const forbiddenIn = (text, forbidden = FORBIDDEN) =>
  forbidden.flatMap(([pattern, better]) =>
    [...text.matchAll(new RegExp(pattern, `g${pattern.flags}`))].map((match) => [
      match.index,
      `"${match[0]}": write ${better}`,
    ]),
  );

/** Shapes such as [样本数, 特征数] are code. */
const chineseFormIn = (text) => forbiddenIn(text.replaceAll(/\[[^[\]\n]*\]/g, blank), CHINESE_FORM);

async function misspelt(text, uri) {
  const settings = { language: "en-US", words: WORDS, minWordLength: 4, allowCompoundWords: false };
  const { issues } = await spellCheckDocument(
    { uri, text, languageId: "markdown", locale: "en-US" },
    { noConfigSearch: true },
    settings,
  );
  return issues.map(({ text: word, offset }) => [offset, `spelling: ${word}; a name belongs in scripts/words.txt`]);
}

const problems = [];
const note = (file, text, list) => problems.push(...list.map(([at, what]) => `${file}:${lineOf(text, at)} ${what}`));

for await (const page of pages()) {
  const text = proseOf(await readFile(ROOT + page, "utf8"));
  note(page, text, [
    ...headingProblems(text),
    ...longSentences(text),
    ...forbiddenIn(text),
    ...forbiddenIn(text, SHARES),
    ...(await misspelt(text, `file:///${page}`)),
  ]);
}
for (const path of sourceFiles(ROOT)) {
  if (!/^packages\/.*\.tsx?$/.test(path)) continue;
  const text = await readFile(ROOT + path, "utf8");
  for (const [at, message] of messagesOf(text))
    note(
      path,
      text,
      messageProblems(message).map((problem) => [at, problem]),
    );
}
for (const path of sourceFiles(ROOT)) {
  const text = await readFile(ROOT + path, "utf8");
  const prose = proseOfSource(path, text);
  const plain = prose.replaceAll(/`[^`\n]*`/g, blank);
  note(path, text, britishIn(prose));
  // The files that list the forbidden words have to spell them.
  if (path !== "scripts/prose.mjs")
    note(path, text, [
      ...forbiddenIn(plain),
      ...forbiddenIn(plain, FORBIDDEN_CHINESE),
      ...(/^(studio|experiments)\//.test(path) ? chineseFormIn(plain) : []),
    ]);
  if (!saysWhy(path, text)) problems.push(`${path}:1 say at the top, in a line or two, why this file exists`);
}
for (const path of trackedFiles(ROOT)) {
  if (!/^docs\/.*zh\/.*\.md$|zh-CN\.md$|^docs\/\.vitepress\/reference\/.*\.json$/.test(path)) continue;
  // In JSON, \n begins a line of a comment.
  const text = proseOf(await readFile(ROOT + path, "utf8")).replaceAll("\\n", "  ");
  note(path, text, [...forbiddenIn(text, FORBIDDEN_CHINESE), ...forbiddenIn(text, SHARES), ...chineseFormIn(text)]);
}
problems.push(...referenceProblems((await readComments()).project));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log("prose: no complaints");
