// The report's sections about settings and the machine.
import { settingName } from "../../runs/setting-names.js";
import { settingValue } from "../../runs/setting-values.js";
import type { Json, ReportData } from "../data.js";
import { formatBytes } from "./format.js";
import { type Html, html } from "./html.js";
import { type Section, scrolling } from "./section.js";

type Row = readonly [name: string, value: string];

/** Text that a table shows at most; all of it is below the table. */
const LONGEST = 160;

/** What only programs read: what became of the inputs stands in words beside it, and all of it below. */
const INNER = /^(format$|data\.preprocess\.)/;

/** How the run was begun. */
export function configuration({ config }: ReportData): Section | undefined {
  if (config === undefined) return undefined;
  return {
    id: "configuration",
    title: "Configuration",
    content: html`${scrolling(
      "Configuration",
      table(
        flatten(config)
          .filter(([path]) => !INNER.test(path))
          .map(([path, value]) => [settingName(path).en, value]),
      ),
    )}
<details><summary>All of config.json</summary>${scrolling("All of config.json", html`<pre>${JSON.stringify(config, null, 2)}</pre>`)}</details>`,
  };
}

/** What it ran on. */
export function environment({ findings }: ReportData): Section | undefined {
  if (findings === undefined) return undefined;
  const { node, platform, processor, cores, memoryBytes, device, threads, fusedMultiplyAdd } = findings.environment;
  const rows: Row[] = [
    ["processor", processor],
    ["cores", String(cores)],
    ["memory", formatBytes(memoryBytes)],
    ["system", platform],
    ["Node", node],
    ...(threads === undefined ? [] : [["engine threads", String(threads)] as Row]),
    ...(device === undefined ? [] : [["device", device] as const]),
    ["fused multiply-add", fusedMultiplyAdd ? "yes" : "no"],
  ];
  return { id: "environment", title: "Environment", content: scrolling("Environment", table(rows)) };
}

const table = (rows: readonly Row[]): Html =>
  html`<table class="facts"><tbody>${rows.map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table>`;

/** Records within records become dotted names. */
function flatten(value: Json, name = ""): Row[] {
  if (value === null) return [];
  if (typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, item]) => flatten(item, name === "" ? key : `${name}.${key}`));
  }
  const text = textOf(name, value);
  return [[name, text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text]];
}

function textOf(name: string, value: Json): string {
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  if (typeof value === "string") return settingValue(name, value).en;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return JSON.stringify(value);
}
