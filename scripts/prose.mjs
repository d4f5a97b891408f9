// Checks the project's sentences: spelling, headings, words that the glossary forbids, and the length of sentences in
// errors. Sources are checked, too: American spelling in comments and strings, and a line at the top that says why a file
// exists. `node scripts/prose.mjs` prints what is wrong, and where.
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { spellCheckDocument } from "cspell-lib";
import ts from "typescript";
import { britishIn, proseOfSource, saysWhy, sourceFiles } from "./prose/sources.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WORDS = (await readFile(new URL("words.txt", import.meta.url), "utf8")).split(/\s+/).filter((w) => w !== "");
/** Most words in one sentence of an error. */
const LONGEST = 40;

/** What the glossary calls otherwise: a pattern, and the word to use. */
const FORBIDDEN = [
  [/\bin learning\b/i, "during training"],
  [/\bbends?\b|\bbent\b/i, "nonlinearity, activation function"],
  [/\bfirst weights\b/i, "initial weights"],
  [/\bby heart\b/i, "overfit, memorize"],
  [/\bdigits read\b/i, "accuracy"],
  [/\bmean error\b/i, "mean absolute error"],
  [/\bthe same bits\b.*\bthe same bits\b/i, "bit-identical"],
  [/\bone's own\b/i, "your own"],
  [/\bwhoever\b/i, "name the reader: you"],
  [/\d %(?!")/, "95%, without a space"],
];

/** Text of a page without code, links' addresses and tags; lines stay where they are. */
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
  for (const name of await readdir(ROOT)) if (/\.md$/.test(name) && !/zh-CN/.test(name)) yield name;
  for (const name of await readdir(`${ROOT}docs`, { recursive: true })) {
    if (/\.md$/.test(name) && !/^(zh|api|\.vitepress)\b|^experiments.md/.test(name)) yield `docs/${name}`;
  }
}

/** A heading has capitals at its start and in names only. */
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

const forbiddenIn = (text) =>
  FORBIDDEN.flatMap(([pattern, better]) => {
    const match = pattern.exec(text);
    return match === null ? [] : [[match.index, `"${match[0]}": write ${better}`]];
  });

async function misspelt(text, uri) {
  const settings = { language: "en-US", words: WORDS, minWordLength: 4, allowCompoundWords: false };
  const { issues } = await spellCheckDocument(
    { uri, text, languageId: "markdown", locale: "en-US" },
    { noConfigSearch: true },
    settings,
  );
  return issues.map(({ text: word, offset }) => [offset, `spelling: ${word}; a name belongs in scripts/words.txt`]);
}

/** The texts of errors in a source file: what `new SomeError(…)` is given. */
function errorsOf(text) {
  const found = [];
  const file = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
  const visit = (node) => {
    if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) {
      for (const argument of node.arguments ?? []) {
        if (ts.isStringLiteralLike(argument)) found.push([argument.getStart(), argument.text]);
        if (ts.isTemplateExpression(argument)) {
          const parts = [argument.head.text, ...argument.templateSpans.map((span) => `X${span.literal.text}`)];
          found.push([argument.getStart(), parts.join("")]);
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const wordsIn = (sentence) => sentence.trim().split(/\s+/).length;
const longIn = (message) => message.split(/[.;:]\s/).filter((sentence) => wordsIn(sentence) > LONGEST);

const problems = [];
const note = (file, text, list) => problems.push(...list.map(([at, what]) => `${file}:${lineOf(text, at)} ${what}`));

for await (const page of pages()) {
  const text = proseOf(await readFile(ROOT + page, "utf8"));
  note(page, text, [...headingProblems(text), ...forbiddenIn(text), ...(await misspelt(text, `file:///${page}`))]);
}
for (const folder of ["tidu", "onnx", "cli"]) {
  for (const name of await readdir(`${ROOT}packages/${folder}/src`, { recursive: true })) {
    if (!/\.tsx?$/.test(name)) continue;
    const path = `packages/${folder}/src/${name}`;
    const text = await readFile(ROOT + path, "utf8");
    for (const [at, message] of errorsOf(text)) {
      note(
        path,
        text,
        longIn(message).map(() => [at, `error: a sentence has more than ${LONGEST} words`]),
      );
      note(
        path,
        text,
        forbiddenIn(message).map(([, what]) => [at, what]),
      );
    }
  }
}
for (const path of sourceFiles(ROOT)) {
  const text = await readFile(ROOT + path, "utf8");
  note(path, text, britishIn(proseOfSource(path, text)));
  if (!saysWhy(path, text)) problems.push(`${path}:1 say at the top, in a line or two, why this file exists`);
}
for (const page of ["studio/README.md", ...["tidu", "onnx", "cli"].map((folder) => `packages/${folder}/README.md`)]) {
  const text = proseOf(await readFile(ROOT + page, "utf8"));
  note(page, text, britishIn(text));
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log("prose: no complaints");
