// The lines of metrics.jsonl, as they may be.
import { openFile } from "./files.js";

/** What a line of metrics.jsonl says of an epoch, as far as it is drawn. */
export interface Metrics {
  readonly epoch: number;
  readonly loss?: number;
  readonly accuracy?: number;
  readonly validation?: { readonly loss?: number; readonly accuracy?: number };
}

/** What a line says of an epoch: nothing if it is empty or about something else, and "damaged" if it is not a record at all. */
export function readLine(line: string): Metrics | "nothing" | "damaged" {
  if (line.trim() === "") return "nothing";
  const record = recordOf(line);
  if (record === undefined) return "damaged";
  const { epoch, loss, accuracy, validation } = record;
  if (!isNumber(epoch)) return epoch === undefined ? "nothing" : "damaged";
  const checked = validation as Record<string, unknown> | null | undefined;
  return {
    epoch,
    loss: numberOf(loss),
    accuracy: numberOf(accuracy),
    validation: checked ? { loss: numberOf(checked.loss), accuracy: numberOf(checked.accuracy) } : undefined,
  };
}

/** How the file of metrics ends, told from its last bytes: `epoch` is the last one that can be read there. */
export interface Ending {
  readonly epoch?: number;
  readonly problem?: "missing" | "empty" | "damaged" | "cut";
}

/** Bytes at its end that are looked at: some lines of epochs. */
const END = 2 ** 14;

/** How a metrics.jsonl ends, however long it is. */
export async function endingOf(path: string): Promise<Ending> {
  const file = await openFile(path);
  if (file === undefined) return { problem: "missing" };
  try {
    const { size } = await file.stat();
    if (size === 0) return { problem: "empty" };
    const start = Math.max(0, size - END);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n");
    const rest = lines.pop();
    // The first line may have begun before what was read.
    const whole = (start > 0 ? lines.slice(1) : lines).map(readLine);
    const last = whole.findLast((line) => typeof line === "object");
    const problem = whole.includes("damaged") ? "damaged" : rest === "" ? undefined : "cut";
    return { epoch: last?.epoch, ...(problem === undefined ? {} : { problem }) };
  } finally {
    await file.close();
  }
}

function recordOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const numberOf = (value: unknown): number | undefined => (isNumber(value) ? value : undefined);
