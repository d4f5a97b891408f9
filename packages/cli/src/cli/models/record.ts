// What a run keeps of its network.
import type { LocalFiles } from "./local-files.js";
import type { Pretrained } from "./pretrained.js";
import type { ModelOptions } from "./request.js";

/** Which network a run trains: all that is needed to make it again, wherever its file is by then. */
export interface ModelRecord {
  /** Name of a preset, or of a file. */
  readonly name: string;
  /** Where the file was. */
  readonly path?: string;
  /** What was in it. */
  readonly source?: string;
  /** Shows that it was written on this machine, by this user; see trust.ts. */
  readonly signature?: string;
  /** A trained network that it begins as. */
  readonly from?: Pretrained;
  /** What was in the files beside it that it imports. */
  readonly files?: LocalFiles;
  /** Units of its hidden layers, where a person said so. */
  readonly hidden?: readonly number[];
  /** What a person said to its file, if anything. */
  readonly options?: ModelOptions;
}
