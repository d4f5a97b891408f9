// The reports of a training's epochs, in a file beside its checkpoints, so that checkpoints do not grow with the number
// of epochs.
import { FormatError } from "../base/errors.js";
import { sha256Hex } from "../io/digest.js";
import type { Folder } from "../io/folder.js";
import { readNumber, spellNumber } from "./json-numbers.js";
import type { EpochReport } from "./reports.js";

const NAME = "history.jsonl";

/** Where a checkpoint stands in the history. */
export interface HistoryMark {
  /** How many of its lines come before the checkpoint. */
  readonly epochs: number;
  /** A digest of these lines, chained line by line. */
  readonly sum: string;
}

/** The history in a folder: a line of JSON for each epoch. */
export class History {
  #known: HistoryMark | undefined;

  constructor(private readonly folder: Folder) {}

  /** Writes these reports to the file; they begin with those of the last call. */
  async keep(reports: readonly EpochReport[]): Promise<HistoryMark> {
    const before = this.#known ?? START;
    const lines = reports.slice(before.epochs).map((report) => JSON.stringify(report, spellNumber));
    const text = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
    // A killed training may have left more lines, so the first call rewrites the file.
    if (this.#known !== undefined) await this.folder.append(NAME, text);
    else if (lines.length > 0) await this.folder.write(NAME, text);
    const mark = await markOf(lines, before);
    if (mark.epochs > 0) this.#known = mark;
    return mark;
  }

  /**
   * The reports before a mark.
   *
   * @throws FormatError if the file does not have them as they were.
   */
  async read({ epochs, sum }: HistoryMark): Promise<EpochReport[]> {
    if (epochs === 0) return [];
    const lines = new TextDecoder()
      .decode(await this.folder.read(NAME))
      .split("\n")
      .slice(0, epochs);
    if ((await markOf(lines, START)).sum === sum) return lines.map((line) => JSON.parse(line, readNumber));
    throw new FormatError(
      this.folder.file(NAME),
      0,
      `its first ${epochs} lines are not those of the checkpoint; put back the file that was beside it`,
    );
  }
}

const START: HistoryMark = { epochs: 0, sum: "" };

async function markOf(lines: readonly string[], { epochs, sum }: HistoryMark): Promise<HistoryMark> {
  let digest = sum;
  for (const line of lines) digest = await sha256Hex(new TextEncoder().encode(digest + line));
  return { epochs: epochs + lines.length, sum: digest };
}
