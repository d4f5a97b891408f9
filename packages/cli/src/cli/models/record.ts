// The record that a run keeps of its network.
import type { LocalFiles } from "./local-files.js";
import type { Pretrained } from "./pretrained.js";
import type { ModelOptions } from "./request.js";
import type { Start } from "./start.js";

/** The network that a run trains: everything needed to make it again, wherever its file is by then. */
export interface ModelRecord {
  /** Name of a preset, or of a file. */
  readonly name: string;
  /** Where the file was. */
  readonly path?: string;
  /** The file's content. */
  readonly source?: string;
  /** Shows that it was written on this machine, by this user; see trust.ts. */
  readonly signature?: string;
  /** A trained network that it starts from. */
  readonly from?: Pretrained;
  /** A file of weights that it starts from. */
  readonly start?: Start;
  /** The contents of the local files that it imports. */
  readonly files?: LocalFiles;
  /** Units of its hidden layers, if given. */
  readonly hidden?: readonly number[];
  /** The user's options for the model file, if any. */
  readonly options?: ModelOptions;
}
