import { join } from "node:path";
import { check, checkOptional, text, writeFileAtomic } from "tidu/internal";
import type { Findings } from "./data.js";
import { FINDINGS, isFindings, readRun } from "./read.js";

/**
 * Writes report.html, a self-contained page, from the files of a run's folder: config.json, metrics.jsonl and report.json.
 * Each may be missing.
 *
 * @param findings the result of `collectReport`. It is saved as report.json, so that later calls can leave it out.
 * @returns the page's path.
 * @throws ArgumentError if the folder has none of these files; FormatError for a damaged file; TiduError if a file cannot
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
