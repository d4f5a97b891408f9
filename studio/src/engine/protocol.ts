import type { LayerReport } from "./network.js";
import type { Settings } from "./settings.js";

// The messages between a page and the worker that trains. Everything is plain data.

/** What a page asks for. */
export type Request =
  /** Begin anew with these settings. Answered by "network". */
  | { readonly type: "configure"; readonly settings: Settings }
  | { readonly type: "play" }
  | { readonly type: "pause" }
  /** One step, then pause. */
  | { readonly type: "step" }
  /** Milliseconds from one step to the next; 0 is as fast as it goes. */
  | { readonly type: "pace"; readonly milliseconds: number }
  /** Back to (or forward to) an epoch that was saved. Answered by "restored". */
  | { readonly type: "restore"; readonly epoch: number }
  /** What is on the paper: 28 rows of 28 grey values, 0 to 255. */
  | { readonly type: "draw"; readonly pixels: Float32Array }
  /** Answered by "file". */
  | { readonly type: "export"; readonly format: Format }
  /** Gives the network the weights of a safetensors file. */
  | { readonly type: "load"; readonly name: string; readonly bytes: Uint8Array }
  /** The page has shown the last frame and wants another. */
  | { readonly type: "shown" };

export type Format = "safetensors" | "onnx" | "typescript";

/** What the worker tells. */
export type Reply =
  | { readonly type: "ready"; readonly threads: number }
  | {
      readonly type: "network";
      readonly reports: readonly LayerReport[];
      readonly fits: boolean;
      readonly steps: number;
    }
  | { readonly type: "running"; readonly running: boolean }
  /** What happened since the last time; of very many steps or epochs some, the last among them. */
  | {
      readonly type: "progress";
      readonly position: Position;
      readonly losses: readonly StepLoss[];
      readonly epochs: readonly EpochResult[];
      readonly saved: readonly number[];
    }
  /** Training stands where an epoch had ended, with that epoch's result; none for the beginning. */
  | { readonly type: "restored"; readonly position: Position; readonly result?: EpochResult }
  | { readonly type: "frame"; readonly frame: Frame }
  | { readonly type: "file"; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "loaded"; readonly name: string; readonly test: Measure }
  /** What went wrong, in words; training has stopped. */
  | { readonly type: "failure"; readonly message: string };

/** Where a training stands: epochs done, and steps of the one under way. */
export interface Position {
  readonly epoch: number;
  readonly step: number;
}

/** The loss of one step; `at` counts epochs, with a fraction. */
export interface StepLoss {
  readonly at: number;
  readonly loss: number;
}

export interface Measure {
  readonly loss: number;
  readonly accuracy: number;
}

/** What an epoch came to. */
export interface EpochResult extends Measure {
  readonly epoch: number;
  readonly test: Measure;
  /** How often each class (row) was taken for each class (column), row after row. */
  readonly confusion: readonly number[];
}

/** How numbers are spread: how many fall into equal parts from `low` to `high`. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
  /** Root of the mean square. */
  readonly size: number;
}

/** Numbers of a few units or channels, one after the other. */
export interface Pictures {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly values: Float32Array;
}

/** One layer at this moment. */
export interface LayerFrame {
  /** Of what it gave in the last step's batch, and of the gradient of the cost by that. */
  readonly activations?: Histogram;
  readonly gradients?: Histogram;
  /** Of a dropout layer: what the last update kept (not 0) and dropped (0), [samples, elements of each]. */
  readonly mask?: Pictures;
  /** What its units answer to places of the plane, or its channels to the picture on the paper. */
  readonly responses?: Pictures;
  /** Of a small linear layer, [out, in]; of the first convolution nothing here, see `kernels`. */
  readonly weights?: Pictures;
  /** Of a convolution: its kernels for the first input channel. */
  readonly kernels?: Pictures;
}

/** Everything that a page shows of a network at one moment. */
export interface Frame {
  readonly layers: readonly LayerFrame[];
  /** Points only: how likely class 1 is at places of the plane from -1.25 to 1.25, rows from the top. */
  readonly boundary?: Pictures;
  /** Points only: x, y and class of each. */
  readonly points?: Float32Array;
  /** Digits only: how likely each digit is for the picture on the paper. */
  readonly shares?: readonly number[];
}
