// Checks that errors read as `where: what is wrong with the value; what to do` (see CONTRIBUTING.md). Finds messages
// that join the fix with a colon, and messages with sentences that are too long.
import ts from "typescript";

/** Most words in one sentence of a message. */
const LONGEST = 40;

/** Words that a fix begins with. Words that can also be nouns are listed with the words that make them verbs. */
const MENDS = [
  "add",
  "await",
  "call",
  "choose",
  "close",
  "compute",
  "convert",
  "copy",
  "correct",
  "decompress",
  "define",
  "export",
  "fix",
  "free",
  "get",
  "give",
  "go on",
  "install",
  "keep",
  "leave",
  "let",
  "load",
  "make",
  "name",
  "npm install",
  "open",
  "pass",
  "pick",
  "put",
  "raise",
  "read",
  "remove",
  "rename",
  "reshape",
  "resume",
  "run (?:npm|tidu)",
  "save",
  "search",
  "see",
  "set",
  "start",
  "take",
  "train",
  "use",
  "wait",
  "write",
];
const AFTER_COLON = new RegExp(`: (?:${MENDS.join("|")})\\b(?!:)`);

/**
 * All texts in a source file, because functions turn texts into errors. Texts of many lines, such as code, are left
 * out.
 */
export function messagesOf(/** @type {string} */ text) {
  /** @type {[number, string][]} */
  const found = [];
  const file = ts.createSourceFile("x.ts", text, ts.ScriptTarget.Latest, true);
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isStringLiteralLike(node)) found.push([node.getStart(), node.text]);
    if (ts.isTemplateExpression(node)) {
      const parts = [node.head.text, ...node.templateSpans.map((span) => `X${span.literal.text}`)];
      found.push([node.getStart(), parts.join("")]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.filter(([, message]) => !message.includes("\n"));
}

const wordsIn = (/** @type {string} */ sentence) => sentence.trim().split(/\s+/).length;

/** What is wrong with a message. */
export function messageProblems(/** @type {string} */ message) {
  const long = message.split(/[.;:]\s/).some((sentence) => wordsIn(sentence) > LONGEST);
  const mend = AFTER_COLON.exec(message);
  return [
    ...(long ? [`a sentence of a message has more than ${LONGEST} words`] : []),
    ...(mend === null
      ? []
      : [`"${mend[0]}": write "where: what is wrong; what to do", with a semicolon before the mend`]),
  ];
}
