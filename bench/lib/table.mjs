// Prints results as tables of text.

/**
 * Three significant digits.
 *
 * @param {number} value
 */
export const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/**
 * A ratio with the range of its rounds.
 *
 * @param {import("./statistics.mjs").Spread} ratio
 */
export const ratioText = ({ median, min, max }) => `${digits(median)}x (${digits(min)}-${digits(max)})`;

/**
 * Lines of a table: the first column is aligned left, the others right.
 *
 * @param {readonly (readonly string[])[]} rows the first one is the head
 */
export function table(rows) {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((r) => r[c].length)));
  const line = (/** @type {readonly string[]} */ row) =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join("  ");
  const [head, ...body] = rows.map(line);
  return [head, "-".repeat(head.length), ...body].join("\n");
}

/**
 * The same as a Markdown table.
 *
 * @param {readonly (readonly string[])[]} rows the first one is the head
 */
export function markdown([head, ...body]) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, c) => (c === 0 ? "---" : "---:"))), ...body.map(line)].join("\n");
}
