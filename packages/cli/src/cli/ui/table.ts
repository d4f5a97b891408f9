/** Rows as aligned columns: the first to the left, the others, mostly numbers, to the right unless told. */
export function table(
  rows: readonly (readonly string[])[],
  { align = "right" }: { align?: "left" | "right" } = {},
): string {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  const cell = (text: string, c: number) =>
    c === 0 || align === "left" ? text.padEnd(widths[c]) : text.padStart(widths[c]);
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}
