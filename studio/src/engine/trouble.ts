// What can go wrong, as data: a code and its values. The pages print it in the reader's language.

/** Why a layer cannot stand where it stands. Shapes are those of one sample. */
export type Misfit =
  /** It works on other numbers of axes than it gets. */
  | {
      readonly code: "axes";
      readonly shape: readonly number[];
      readonly wanted: "map" | "line" | "lines";
    }
  /** It needs whole numbers. */
  | { readonly code: "whole" }
  | { readonly code: "groups"; readonly groups: number; readonly from: number; readonly to: number }
  | { readonly code: "tooLarge"; readonly kernel: number; readonly side: number }
  | { readonly code: "padding"; readonly padding: number; readonly kernel: number }
  | { readonly code: "outputPadding"; readonly padding: number; readonly stride: number }
  | { readonly code: "pieces"; readonly channels: number; readonly pieces: number }
  | { readonly code: "start"; readonly start: number; readonly shape: readonly number[] }
  | { readonly code: "noneKept"; readonly units: number; readonly p: number }
  /** The network ends with another shape than the data asks for. */
  | { readonly code: "end"; readonly shape: readonly number[]; readonly outputs: number }
  /** The network ends with maps that were never made flat: with an output for each row, or with other maps. */
  | { readonly code: "flat" | "flatEnd"; readonly shape: readonly number[]; readonly outputs: number }
  /** Anything else that the engine says, in its words. */
  | { readonly code: "engine"; readonly message: string };

/** What went wrong with a training or a file. */
export type Trouble =
  | { readonly code: "noLayers" }
  | {
      readonly code: "notFinite";
      readonly epoch: number;
      readonly step: number;
      readonly loss: string;
      readonly back: number;
      readonly lr: number;
    }
  /** The status of the server's answer; 0 where none came. */
  | { readonly code: "digits"; readonly status: number }
  | { readonly code: "ownMissing" }
  /** Parts of the page's address that are not taken as they stand. */
  | { readonly code: "address"; readonly names: readonly string[] }
  | { readonly code: "notSafetensors"; readonly file: string }
  | { readonly code: "otherNetwork"; readonly file: string; readonly tensor: string }
  | { readonly code: "changesInCode" | "loadedInCode" }
  | { readonly code: "ownInCode" }
  | { readonly code: "tableText" | "tableEmpty"; readonly file: string }
  /** Rows count from 1, which has the columns' names. */
  | { readonly code: "tableQuote"; readonly file: string; readonly row: number }
  | {
      readonly code: "tableRow";
      readonly file: string;
      readonly row: number;
      readonly fields: number;
      readonly names: number;
    }
  | { readonly code: "tableNumbers"; readonly file: string }
  /** So few rows say what is to be learned of them. */
  | { readonly code: "tableNoTarget"; readonly file: string; readonly rows: number; readonly column: string }
  | { readonly code: "tableTarget"; readonly file: string; readonly column: string; readonly classes: number }
  | { readonly code: "pictureUnreadable"; readonly file: string }
  | { readonly code: "pictureClasses"; readonly classes: number }
  | { readonly code: "camera"; readonly reason: string }
  | { readonly code: "copy" }
  /** A graphics card was asked for, and there is none. */
  | { readonly code: "noCard"; readonly message: string }
  /** A graphics card failed; training goes on from the end of an epoch. */
  | { readonly code: "cardFailed"; readonly message: string; readonly back: number; readonly on: "wasm" | "webgpu" }
  /** What nobody foresaw, in the engine's or the browser's words. */
  | { readonly code: "engine"; readonly message: string };

/** An error that says what went wrong as data. */
export class Troubled extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.code);
  }
}

export const troubleOf = (error: unknown): Trouble =>
  error instanceof Troubled
    ? error.trouble
    : { code: "engine", message: error instanceof Error ? error.message : String(error) };
