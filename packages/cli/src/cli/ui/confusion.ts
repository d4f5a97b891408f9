// The confusion matrix as a table in the terminal.
import { ArgumentError } from "tidu";
import { brief } from "tidu/internal";
import { formatPercent } from "./format.js";
import { paint, truncate, visibleName } from "./terminal.js";

/** Long class names are cut above the columns, which must stand side by side, and kept before the rows. */
const [COLUMNS_WIDTH, NARROWEST_HEADING] = [50, 6];
const CORNER = "truth ↓ predicted → ";
const RECALL_WIDTH = " 100.00%".length;

/**
 * The confusion matrix as a table: rows are the truth, columns the prediction. The diagonal (correct predictions) is
 * marked by brackets, or by color where there is color; zeros are dots, so that the mistakes stand out.
 */
export function confusionMatrix(
  counts: readonly (readonly number[])[],
  names: readonly string[],
  { color = false } = {},
): string {
  const labels = names.map((name) => brief(visibleName(name)));
  const classes = labels.length;
  if (counts.length !== classes || counts.some((row) => row.length !== classes)) {
    const given = `${counts.length} rows of ${counts.map((row) => row.length).join(", ")}`;
    throw new ArgumentError(`confusionMatrix: ${classes} labels need ${classes} rows of ${classes}; given ${given}`);
  }

  const widest = Math.max(NARROWEST_HEADING, Math.floor(COLUMNS_WIDTH / classes) - 1);
  const headings = labels.map((label) => truncate(label, widest));
  const widestCount = Math.max(1, ...counts.flat().map((count) => String(count).length));
  // Two more than the widest count: room for the brackets, and with color the same table.
  const cellWidth = Math.max(widestCount + 2, ...headings.map((heading) => heading.length + 1));
  const labelWidth = Math.max(CORNER.length, ...labels.map((label) => label.length + 1));

  const columns = headings.map((text) => `${text.padStart(cellWidth - 1)} `).join("");
  const heading = CORNER.padEnd(labelWidth) + columns + "recall".padStart(RECALL_WIDTH);
  const rows = counts.map((row, truth) => {
    const cells = row.map((count, predicted) => cell(count, predicted === truth, cellWidth, color));
    const total = row.reduce((sum, count) => sum + count, 0);
    const right = total === 0 ? "–" : formatPercent(row[truth] / total);
    return `${labels[truth]} `.padStart(labelWidth) + cells.join("") + right.padStart(RECALL_WIDTH);
  });
  return [paint(color, "dim", heading), ...rows].join("\n");
}

function cell(count: number, right: boolean, width: number, color: boolean): string {
  const text = count === 0 ? "·" : String(count);
  if (right && !color) return `[${text}]`.padStart(width);
  const padded = `${text.padStart(width - 1)} `;
  if (right) return paint(color, ["green", "bold"], padded);
  return paint(color, count === 0 ? "dim" : "red", padded);
}
