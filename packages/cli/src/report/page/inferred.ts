// The report's section about the data: what was found out about them, and what was left out.
import type { ReportData } from "../data.js";
import { html } from "./html.js";
import type { Section } from "./section.js";

/** The lines that a person saw before training began; nothing in runs that did not keep them. */
export function data({ config }: ReportData): Section | undefined {
  const lines = (config as { data?: { description?: unknown } } | null | undefined)?.data?.description;
  if (!Array.isArray(lines) || lines.length === 0) return undefined;
  return { id: "data", title: "Data", content: html`<ul>${lines.map((line) => html`<li>${String(line)}</li>`)}</ul>` };
}
