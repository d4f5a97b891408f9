// The interface of the formats of predictions.
import type { TemporaryFiles } from "../../runs/temporary.js";
import type { Preprocess } from "../../sources/source.js";
import type { Answer } from "./answer.js";

/** A writer of predictions in one format. */
export interface Form {
  /** Text before the first answer. */
  begin?(): string;
  /** Text of some answers; nothing if they were put aside. */
  add(answers: readonly Answer[]): string | Promise<void>;
  /** Writes what comes after the last answer. */
  end?(write: (bytes: Uint8Array) => Promise<void>): Promise<void>;
  /** Closes what was put aside. */
  discard?(): Promise<void>;
}

/** Makes a form. @param aside has the places of files that are put aside. */
export type MakeForm = (preprocess: Preprocess, aside: TemporaryFiles) => Form;
