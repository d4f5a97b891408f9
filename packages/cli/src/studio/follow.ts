// Follows a run: what its metrics.jsonl gains, and what of it cannot be read.
import { join } from "node:path";
import { jsonOf, openFile } from "./files.js";
import { type Metrics, readLine } from "./line.js";
import { thinned } from "./thin.js";

export type { Metrics };

/** How much of metrics.jsonl could be read, where that is not all of it. */
export interface Reading {
  /** Whether there is such a file, and whether a run that has ended left it empty. */
  readonly there: boolean;
  readonly empty?: boolean;
  /** Lines of epochs. */
  readonly read: number;
  /** Lines that are none of metrics.jsonl's, and the first of them, from 1. */
  readonly damaged: number;
  readonly first?: number;
  /** The line at the end that is not whole, though the run has ended. */
  readonly cut?: number;
}

/** Something new of a run. */
export type RunEvent =
  /** What came before is void: the run went back to a checkpoint. */
  | { readonly type: "restart"; readonly run: string }
  /** Lines of metrics.jsonl; of very many some, the smallest and largest values among them. */
  | { readonly type: "metrics"; readonly run: string; readonly metrics: readonly Metrics[] }
  /** Not all of metrics.jsonl could be read, or now it could. */
  | ({ readonly type: "reading"; readonly run: string } & Reading)
  /** The run has come to its end: what result.json says. */
  | { readonly type: "result"; readonly run: string; readonly result: unknown };

/** Bytes that are read at once, which is the longest line that is believed, and lines that are told of them. */
const CHUNK = 2 ** 20;
const LINES = 400;
const WHOLE: Reading = { there: true, read: 0, damaged: 0 };
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
  /** Ends of lines that were read, and what the lines were. */
  #lines = 0;
  #reading: Reading = WHOLE;
  #told = JSON.stringify(WHOLE);

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
    const { restarted, lines, rest } = await this.#read();
    const metrics = thinned(
      this.#take(lines),
      ({ epoch }) => epoch,
      ({ loss, accuracy, validation }) => [loss, accuracy, validation?.loss, validation?.accuracy],
      LINES,
    );
    const result = this.#more ? undefined : await jsonOf(join(this.#folder, "result.json"), RESULT);
    const ended = result !== undefined && !this.#finished;
    if (!this.#more) this.#finished = result !== undefined;
    const reading = this.#finished ? this.#atEnd(rest) : this.#reading;
    return [
      ...(restarted ? [{ type: "restart", run } as const] : []),
      ...(this.#more ? [] : this.#changed(reading)),
      ...(metrics.length > 0 ? [{ type: "metrics", run, metrics } as const] : []),
      ...(ended ? [{ type: "result", run, result } as const] : []),
    ];
  }

  /** What there is to be said of a run's metrics once nothing is added any more. */
  #atEnd(rest: boolean): Reading {
    if (rest) return { ...this.#reading, cut: this.#lines + 1 };
    return this.#reading.there && this.#offset === 0 ? { ...this.#reading, empty: true } : this.#reading;
  }

  /** What the lines say of epochs; counts them. */
  #take(lines: readonly string[]): Metrics[] {
    const found = lines.map(readLine);
    const damaged = found.flatMap((line, i) => (line === "damaged" ? [this.#lines + i + 1] : []));
    const metrics = found.filter((line) => typeof line === "object");
    this.#lines += lines.length;
    const { there, read, damaged: before, first = damaged[0] } = this.#reading;
    this.#reading = { there, read: read + metrics.length, damaged: before + damaged.length, first };
    return metrics;
  }

  /** That not all could be read, as far as this is news. */
  #changed(reading: Reading): RunEvent[] {
    const isWhole = reading.there && !reading.empty && reading.damaged === 0 && reading.cut === undefined;
    const now = JSON.stringify(isWhole ? WHOLE : reading);
    if (now === this.#told) return [];
    this.#told = now;
    return [{ type: "reading", run: this.#run, ...reading }];
  }

  async #read(): Promise<{ readonly restarted: boolean; readonly lines: readonly string[]; readonly rest: boolean }> {
    this.#more = false;
    const file = await openFile(join(this.#folder, "metrics.jsonl"));
    if (file === undefined) {
      const restarted = this.#forget();
      this.#reading = { ...WHOLE, there: false };
      return { restarted, lines: [], rest: false };
    }
    this.#reading = { ...this.#reading, there: true };
    try {
      const restarted = !(await this.#isSame(file)) && this.#forget();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, this.#offset);
      const end = buffer.subarray(0, bytesRead).lastIndexOf("\n") + 1;
      // A line that is longer than a piece is passed over.
      const taken = end === 0 && bytesRead === CHUNK ? CHUNK : end;
      this.#offset += taken;
      this.#tail = Buffer.concat([this.#tail, buffer.subarray(0, taken)]).subarray(-TAIL);
      this.#more = bytesRead === CHUNK;
      // What follows the last end of a line is not a line yet.
      const lines = buffer.toString("utf8", 0, end).split("\n").slice(0, -1);
      return { restarted, lines, rest: bytesRead > taken };
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
    this.#lines = 0;
    this.#reading = WHOLE;
    return had;
  }
}
