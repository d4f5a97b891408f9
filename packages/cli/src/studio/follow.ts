import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonOf } from "./runs.js";

/** Something new of a run. */
export type RunEvent =
  /** What came before is void: the run went back to a checkpoint. */
  | { readonly type: "restart"; readonly run: string }
  /** A line of metrics.jsonl. */
  | { readonly type: "metrics"; readonly run: string; readonly metrics: unknown }
  /** The run has come to its end: what result.json says. */
  | { readonly type: "result"; readonly run: string; readonly result: unknown };

/** Reads what a run writes, from its beginning on. */
export class RunReader {
  readonly #run: string;
  readonly #folder: string;
  #read = "";
  #finished = false;

  constructor(directory: string, run: string) {
    this.#run = run;
    this.#folder = join(directory, run);
  }

  /** What is new since the last call. A line that is still being written waits for the next. */
  async next(): Promise<RunEvent[]> {
    const run = this.#run;
    const [text, result] = await Promise.all([
      readFile(join(this.#folder, "metrics.jsonl"), "utf8").catch(() => ""),
      jsonOf(join(this.#folder, "result.json")),
    ]);
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const restarted = !whole.startsWith(this.#read);
    const lines = (restarted ? whole : whole.slice(this.#read.length)).split("\n").filter((line) => line !== "");
    this.#read = whole;
    const ended = result !== undefined && !this.#finished;
    this.#finished = result !== undefined;
    return [
      ...(restarted ? [{ type: "restart", run } as const] : []),
      ...lines.flatMap((line) => metricsOf(run, line)),
      ...(ended ? [{ type: "result", run, result } as const] : []),
    ];
  }
}

/** A line that is no JSON says nothing. */
function metricsOf(run: string, line: string): RunEvent[] {
  try {
    return [{ type: "metrics", run, metrics: JSON.parse(line) }];
  } catch {
    return [];
  }
}
