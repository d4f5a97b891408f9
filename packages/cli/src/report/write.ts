import { join } from "node:path";
import { check, checkOptional, text, writeFileAtomic } from "tidu/internal";
import type { Findings } from "./data.js";
import { FINDINGS, isFindings, readRun } from "./read.js";

/**
 * Writes report.html, one page that needs nothing else, from what a run's folder has: config.json, metrics.jsonl and
 * report.json, which may each be missing.
 *
 * @param findings what `collectReport` found; kept as report.json first, so that the page can be made again without.
 * @returns the page's path.
 * @throws ArgumentError if the folder is no run's; FormatError for a file in it that is damaged; TiduError if it cannot
 *   be read or written.
 *
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * import { writeReport } from "@tidu/cli/report";
 *
 * const folder = await mkdtemp("run-");
 * await writeFile(`${folder}/metrics.jsonl`, '{ "epoch": 1, "loss": 0.5 }\n');
 * const page = await writeReport(folder);
 * console.log(page === `${folder}/report.html`); // true
 * ```
 */
export async function writeReport(runDirectory: string, findings?: Findings): Promise<string> {
  check("writeReport", "runDirectory", runDirectory, text);
  checkOptional("writeReport", "findings", findings, { says: "what collectReport found", ok: isFindings });
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  if (findings !== undefined) {
    await writeFileAtomic(join(runDirectory, FINDINGS), encode(`${JSON.stringify(findings)}\n`));
  }
  const data = await readRun(runDirectory);
  // What draws takes long to load, and most commands never draw.
  const { reportHtml } = await import("./page/page.js");
  const path = join(runDirectory, "report.html");
  await writeFileAtomic(path, encode(reportHtml(data)));
  return path;
}
