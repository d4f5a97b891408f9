// Reads what a report shows from a run's folder.
import { readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ArgumentError, FormatError, TiduError } from "tidu";
import { check, systemReason, text } from "tidu/internal";
import { parseJson, parseLines } from "../runs/json.js";
import type { EpochRecord, Findings, Json, ReportData } from "./data.js";

/** Where a run's findings are kept. */
export const FINDINGS = "report.json";

/**
 * Reads the files of a run's folder that a report is made from: config.json, metrics.jsonl (one JSON object per line, for
 * one epoch) and report.json. Each may be missing.
 *
 * @throws ArgumentError if all are missing; FormatError, which names the file, if it is not JSON or has findings of another
 *   version; TiduError if a file cannot be read.
 *
 * @example
 * ```ts
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * import { readRun } from "@tidu/cli/report";
 *
 * const folder = await mkdtemp("run-");
 * await writeFile(`${folder}/metrics.jsonl`, '{ "epoch": 1, "loss": 0.5 }\n{ "epoch": 2, "loss": 0.25 }\n');
 * const { epochs } = await readRun(folder);
 * console.log(epochs.map(({ loss }) => loss)); // [0.5, 0.25]
 * ```
 */
export async function readRun(directory: string): Promise<ReportData> {
  check("readRun", "directory", directory, text);
  const [config, metrics, findings] = await Promise.all(
    ["config.json", "metrics.jsonl", FINDINGS].map((name) => textOf(directory, name)),
  );
  if (config === undefined && metrics === undefined && findings === undefined) {
    throw new ArgumentError(
      `${directory} has no config.json, metrics.jsonl or ${FINDINGS}; name the folder of a run, as tidu train made it`,
    );
  }
  return {
    title: basename(resolve(directory)),
    config: config === undefined ? undefined : parseJson<Json>(join(directory, "config.json"), config),
    epochs: parseLines<Json>(join(directory, "metrics.jsonl"), metrics ?? "").flatMap(epochOf),
    findings: findings === undefined ? undefined : findingsOf(join(directory, FINDINGS), findings),
  };
}

/** A file's text; undefined if it is not there. */
async function textOf(directory: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, name), "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new TiduError(`cannot read ${join(directory, name)}: ${systemReason(cause)}`, { cause });
  }
}

/** Whether something is findings that this version reads. */
export const isFindings = (value: unknown): boolean => (value as Findings | null)?.format === 1;

function findingsOf(file: string, text: string): Findings {
  const findings = parseJson<Json>(file, text) as unknown as Findings;
  if (isFindings(findings)) return findings;
  throw new FormatError(
    file,
    0,
    `its format is ${findings?.format}, this version reads 1; remove it, and make the report again`,
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** What a line says of an epoch; nothing if it is about something else. */
function epochOf(line: Json): EpochRecord[] {
  const { epoch, step, loss, accuracy, validation, lr, seconds, best, losses } = (line ?? {}) as Fields;
  const [number, mean] = [finite(epoch), finite(loss)];
  if (number === undefined || step !== undefined) return [];
  const measured = (validation ?? {}) as Fields;
  return [
    {
      epoch: number,
      loss: mean ?? Number.NaN,
      accuracy: finite(accuracy),
      validationLoss: finite(measured.loss),
      validationAccuracy: finite(measured.accuracy),
      lr: finite(lr),
      seconds: finite(seconds),
      best: best === true,
      losses: Array.isArray(losses) ? losses.filter(Number.isFinite) : [],
    },
  ];
}

const finite = (value: unknown): number | undefined => (Number.isFinite(value) ? (value as number) : undefined);
