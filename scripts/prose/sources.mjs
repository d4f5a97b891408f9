// Finds the prose of source files, in comments and strings, for the checks of scripts/prose.mjs.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Paths of all files of the project: tracked ones, and new ones that git does not ignore. */
export const trackedFiles = (/** @type {string} */ root) =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((name) => name !== "" && existsSync(join(root, name)));

/** Every source file, except third-party ones. */
export const sourceFiles = (/** @type {string} */ root) =>
  trackedFiles(root).filter((name) => /\.(ts|tsx|mjs|js|cjs|css)$/.test(name) && !/\.d\.(ts|cts|mts)$/.test(name));

/** British spellings, and the American ones that the project uses in its API (`optimizer`, `color`). */
const BRITISH = [
  [/colour/, "color"],
  [/neighbour/, "neighbor"],
  [/behaviour/, "behavior"],
  [/favour/, "favor"],
  [/honour/, "honor"],
  [/\bgrey/, "gray"],
  [/centre/, "center"],
  [/\bcentring/, "centering"],
  [/judgement/, "judgment"],
  [/\blearnt\b/, "learned"],
  [/catalogue/, "catalog"],
  [/\b(un)?labell(ed|ing)/, "labeled"],
  [/\b(un)?modell(ed|ing)/, "modeled"],
  [/\b(un)?cancell(ed|ing)/, "canceled"],
  [/travell/, "travel"],
  [/\bmetres?\b/, "meter"],
  [/defence/, "defense"],
  [/licence/, "license"],
  [/artefact/, "artifact"],
  [/analys(e[ds]?|ing)\b/, "analyze"],
  [
    /(normal|optim|regular|initial|general|special|serial|material|organ|recogn|summar|visual|util|minim|maxim|vector|quant|standard|token|parallel|real|central|local|equal|random|penal|discret|memor|categor)is(e[drs]?|ers?|ing|ations?)\b/,
    "-ize",
  ],
].map(([pattern, better]) => /** @type {const} */ ([new RegExp(pattern, "i"), better]));

/** Exceptions: names of other programs, names of files, and names in code. */
const NAMES =
  /`[^`\n]*`|https?:\/\/\S+|[\w-]*maxout-neighbours[\w.-]*|aria-labelledby|\S*\/\S*|\w+[a-z][A-Z]\w*|\w+[._]\w+/g;
const blank = (/** @type {string} */ part) => part.replaceAll(/[^\n]/g, " ");

/** @returns {[at: number, problem: string][]} the British words of a text. */
export function britishIn(/** @type {string} */ text) {
  const words = text.replaceAll(NAMES, blank);
  return BRITISH.flatMap(([pattern, better]) =>
    [...words.matchAll(new RegExp(pattern, "gi"))].map((match) => {
      const [before = ""] = /\p{L}*$/u.exec(words.slice(0, match.index)) ?? [];
      const [after = ""] = /^\p{L}*/u.exec(words.slice(match.index)) ?? [];
      const word = before + after;
      return /** @type {[number, string]} */ ([match.index, `"${word}": American spelling (${better})`]);
    }),
  );
}

const PROSE = /\p{L} \p{L}|^\p{Lu}\p{Ll}+$|\p{Script=Han}/u;

/** Comments and prose of a source file at their positions; everything else is blank. */
export function proseOfSource(/** @type {string} */ name, /** @type {string} */ text) {
  if (name.endsWith(".css"))
    return keep(
      text,
      [...text.matchAll(/\/\*.*?\*\//gs)].map((m) => [m.index, m.index + m[0].length]),
    );
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  /** @type {[number, number][]} */
  const literals = [];
  /** @type {[number, number][]} */
  const kept = [];
  const visit = (/** @type {ts.Node} */ node) => {
    const whole = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (whole || ts.isJsxText(node) || ts.isRegularExpressionLiteral(node)) {
      const range = /** @type {[number, number]} */ ([node.getStart(), node.end]);
      literals.push(range);
      if (!ts.isRegularExpressionLiteral(node) && PROSE.test(text.slice(...range).slice(1, -1))) {
        // Without its quotes, because backquotes would look like those of a name in code.
        kept.push([range[0] + 1, range[1] - 1]);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  const code = blankOut(text, literals);
  for (const match of code.matchAll(/\/\*.*?\*\/|\/\/[^\n]*/gs))
    kept.push([match.index, match.index + match[0].length]);
  return keep(text, kept);
}

function blankOut(/** @type {string} */ text, /** @type {[number, number][]} */ ranges) {
  let result = "";
  let at = 0;
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    if (from < at) continue;
    result += text.slice(at, from) + blank(text.slice(from, to));
    at = to;
  }
  return result + text.slice(at);
}

function keep(/** @type {string} */ text, /** @type {[number, number][]} */ ranges) {
  let result = "";
  let at = 0;
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    if (from < at) continue;
    result += blank(text.slice(at, from)) + text.slice(from, to);
    at = to;
  }
  return result + blank(text.slice(at));
}

/**
 * Whether a file says at its top why it exists: in a comment at its start, or, if the imports are followed by what it exports
 * to be called, there. Tests say it in their titles.
 */
export function saysWhy(/** @type {string} */ name, /** @type {string} */ text) {
  const start = text.replace(/^#!.*\n/, "").trimStart();
  if (/\.(test|fuzz)\.ts$/.test(name) || /^\/[/*]/.test(start)) return true;
  if (name.endsWith(".css")) return false;
  const file = ts.createSourceFile(name, start, ts.ScriptTarget.Latest);
  const first = file.statements.find((s) => !ts.isImportDeclaration(s));
  return (
    first !== undefined && isCalled(first) && ts.getLeadingCommentRanges(start, first.getFullStart()) !== undefined
  );
}

/** Whether a statement exports a function, a class or what a call makes, not a type or a number. */
function isCalled(/** @type {ts.Statement} */ first) {
  if (ts.isExportAssignment(first)) return true;
  if (!ts.canHaveModifiers(first) || !first.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    return false;
  if (ts.isFunctionDeclaration(first) || ts.isClassDeclaration(first)) return true;
  const value = ts.isVariableStatement(first) ? first.declarationList.declarations[0].initializer : undefined;
  return value !== undefined && (ts.isArrowFunction(value) || ts.isCallExpression(value));
}
