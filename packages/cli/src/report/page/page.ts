// Puts the sections of a report together into a page.
import { anything, check, type Fields, listOf, needed, options, text } from "tidu/internal";
import type { ReportData } from "../data.js";
import { classes, mistakes } from "./classes.js";
import { configuration, environment } from "./configuration.js";
import { curves } from "./curves.js";
import { Html, html } from "./html.js";
import { importance } from "./importance.js";
import { data } from "./inferred.js";
import { kernels } from "./kernels.js";
import { network } from "./network.js";
import { overview } from "./overview.js";
import { parameters } from "./parameters.js";
import { drawSection, type Section } from "./section.js";
import { STYLE } from "./style.js";
import { times } from "./times.js";
import { misses, values } from "./values.js";

/** In the order in which they are read; each may have nothing to say. */
const SECTIONS: readonly ((data: ReportData) => Section | undefined)[] = [
  data,
  curves,
  classes,
  values,
  importance,
  mistakes,
  misses,
  network,
  kernels,
  parameters,
  times,
  configuration,
  environment,
];

/** Nothing is loaded and nothing runs: only the style below and pictures within the page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const DATA: Fields = { title: needed(text), config: anything, epochs: needed(listOf(anything)), findings: anything };

/**
 * A run as one self-contained HTML page: without scripts, and with all its styles and pictures inside.
 *
 * @example
 * ```ts
 * import { reportHtml } from "@tidu/cli/report";
 *
 * const page = reportHtml({ title: "first try", epochs: [{ epoch: 1, loss: 0.5, best: true, losses: [] }] });
 * console.log(page.includes("<title>first try")); // true
 * ```
 */
export function reportHtml(data: ReportData): string {
  check("reportHtml", "data", data, options(DATA));
  const sections = SECTIONS.flatMap((section) => section(data) ?? []);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${data.title} – Tidu</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<h1>${data.title}</h1>
${overview(data)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>${sections.map(drawSection)}
</main>
<footer><p>Made by Tidu.</p></footer>
</body>
</html>
`;
  return page.text;
}
