import { join } from "node:path";
import { jsonOf, openFile } from "./files.js";
import { thinned } from "./thin.js";

/** What a line of metrics.jsonl says of an epoch, as far as it is drawn. */
export interface Metrics {
  readonly epoch: number;
  readonly loss?: number;
  readonly accuracy?: number;
  readonly validation?: { readonly loss?: number; readonly accuracy?: number };
}

/** Something new of a run. */
export type RunEvent =
  /** What came before is void: the run went back to a checkpoint. */
  | { readonly type: "restart"; readonly run: string }
  /** Lines of metrics.jsonl; of very many some, the smallest and largest values among them. */
  | { readonly type: "metrics"; readonly run: string; readonly metrics: readonly Metrics[] }
  /** The run has come to its end: what result.json says. */
  | { readonly type: "result"; readonly run: string; readonly result: unknown };

/** Bytes that are read at once, which is the longest line that is believed, and lines that are told of them. */
const CHUNK = 2 ** 20;
const LINES = 400;
/** Bytes before the place that was read up to, by which a file is known again. */
const TAIL = 256;
const RESULT = 2 ** 22;

/** Reads what a run writes, from its beginning on, a piece at a time. */
export class RunReader {
  readonly #run: string;
  readonly #folder: string;
  /** Bytes that were read, up to the end of a line, and the last of them. */
  #offset = 0;
  #tail: Buffer = Buffer.alloc(0);
  #finished = false;
  #more = false;

  constructor(directory: string, run: string) {
    this.#run = run;
    this.#folder = join(directory, run);
  }

  /** Whether there is more to read already. */
  get more(): boolean {
    return this.#more;
  }

  /** What is new since the last call, as far as one piece goes. A line that is still being written waits for the next. */
  async next(): Promise<RunEvent[]> {
    const run = this.#run;
    const { restarted, lines } = await this.#read();
    const metrics = thinned(
      lines.flatMap(metricsOf),
      ({ epoch }) => epoch,
      ({ loss, accuracy, validation }) => [loss, accuracy, validation?.loss, validation?.accuracy],
      LINES,
    );
    const result = this.#more ? undefined : await jsonOf(join(this.#folder, "result.json"), RESULT);
    const ended = result !== undefined && !this.#finished;
    if (!this.#more) this.#finished = result !== undefined;
    return [
      ...(restarted ? [{ type: "restart", run } as const] : []),
      ...(metrics.length > 0 ? [{ type: "metrics", run, metrics } as const] : []),
      ...(ended ? [{ type: "result", run, result } as const] : []),
    ];
  }

  async #read(): Promise<{ readonly restarted: boolean; readonly lines: readonly string[] }> {
    this.#more = false;
    const file = await openFile(join(this.#folder, "metrics.jsonl"));
    if (file === undefined) return { restarted: this.#forget(), lines: [] };
    try {
      const restarted = !(await this.#isSame(file)) && this.#forget();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, this.#offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf("\n") + 1;
      // A line that is longer than a piece is passed over.
      const taken = end === 0 && bytesRead === CHUNK ? CHUNK : end;
      this.#offset += taken;
      this.#tail = Buffer.concat([this.#tail, buffer.subarray(0, taken)]).subarray(-TAIL);
      this.#more = bytesRead === CHUNK;
      return { restarted, lines: buffer.toString("utf8", 0, end).split("\n") };
    } finally {
      await file.close();
    }
  }

  /** Whether the file still begins with what was read. */
  async #isSame(file: Awaited<ReturnType<typeof openFile>> & object): Promise<boolean> {
    const { length } = this.#tail;
    if (length === 0) return true;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, this.#offset - length);
    return bytesRead === length && buffer.equals(this.#tail);
  }

  /** Begins anew; whether there was anything. */
  #forget(): boolean {
    const had = this.#offset > 0;
    this.#offset = 0;
    this.#tail = Buffer.alloc(0);
    return had;
  }
}

/** A line that is no JSON, or not of an epoch, says nothing. */
function metricsOf(line: string): Metrics[] {
  try {
    const { epoch, loss, accuracy, validation } = JSON.parse(line) as Record<string, unknown>;
    if (!isNumber(epoch)) return [];
    const checked = validation as Record<string, unknown> | null | undefined;
    return [
      {
        epoch,
        loss: numberOf(loss),
        accuracy: numberOf(accuracy),
        validation: checked ? { loss: numberOf(checked.loss), accuracy: numberOf(checked.accuracy) } : undefined,
      },
    ];
  } catch {
    return [];
  }
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const numberOf = (value: unknown): number | undefined => (isNumber(value) ? value : undefined);
