// Where predictions go, some at a time: to a file, which takes its name once it is whole.
import { type FileHandle, open, rename } from "node:fs/promises";
import { extname } from "node:path";
import { ArgumentError, TiduError } from "tidu";
import { systemReason } from "tidu/internal";
import { clearBeside, TemporaryFiles } from "../../runs/temporary.js";
import type { Preprocess } from "../../sources/source.js";
import type { Answer } from "./answer.js";
import { csvForm } from "./csv.js";
import type { Form, MakeForm } from "./form.js";
import { jsonLinesForm } from "./json-lines.js";
import { npzForm } from "./npz.js";

const forms: Readonly<Record<string, MakeForm>> = {
  ".csv": csvForm,
  ".jsonl": jsonLinesForm,
  ".ndjson": jsonLinesForm,
  ".npz": npzForm,
};

/**
 * The form that a file's name asks for.
 *
 * @throws ArgumentError for another name.
 */
export function formFor(path: string): MakeForm {
  const ending = extname(path).toLowerCase();
  if (Object.hasOwn(forms, ending)) return forms[ending];
  throw new ArgumentError(
    `--out ${path}: its name must end in .csv, .jsonl or .npz, which says how the predictions are written`,
  );
}

/** A file of predictions that is being written. */
export class PredictionFile {
  private constructor(
    private readonly path: string,
    private readonly temporary: TemporaryFiles,
    private readonly file: FileHandle,
    private readonly form: Form,
  ) {}

  static async create(path: string, preprocess: Preprocess): Promise<PredictionFile> {
    const make = formFor(path);
    await clearBeside(path);
    const temporary = new TemporaryFiles(path);
    const file = await writing(path, () => open(temporary.path(), "wx"));
    const created = new PredictionFile(path, temporary, file, make(preprocess, temporary));
    await created.#write(created.form.begin?.() ?? "");
    return created;
  }

  async add(answers: readonly Answer[]): Promise<void> {
    await this.#write((await writing(this.path, async () => this.form.add(answers))) ?? "");
  }

  /** Gives the file its name. */
  async close(): Promise<void> {
    await writing(this.path, async () => {
      await this.form.end?.((bytes) => this.file.writeFile(bytes));
      await this.file.close();
      await rename(this.temporary.path(), this.path);
      await this.temporary.remove();
    });
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.form.discard?.();
    await this.file.close().catch(() => {});
    await this.temporary.remove();
  }

  async #write(text: string): Promise<void> {
    if (text !== "") await writing(this.path, () => this.file.writeFile(text));
  }
}

async function writing<T>(path: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    if (cause instanceof TiduError) throw cause;
    throw new TiduError(`cannot write ${path}: ${systemReason(cause, "there is no such directory")}`, { cause });
  }
}
