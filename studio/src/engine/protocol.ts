// The messages between a page and the worker that trains. Everything is plain data.
import type { Change } from "./changes.js";
import type { OwnData, Points } from "./data.js";
import type { On } from "./devices.js";
import type { Inspected, Inspection } from "./inspect.js";
import type { LayerReport } from "./network.js";
import type { Settings } from "./settings.js";
import type { Trouble } from "./trouble.js";

/** The settings that a training starts with. */
export interface Beginning {
  /** Its number: every answer that is about it carries it. */
  readonly run: number;
  readonly settings: Settings;
  readonly changes: readonly Change[];
  readonly own?: OwnData;
}

/** A change, as the page asks for it: the worker knows before which step it comes. */
export type Asked<C = Change> = C extends Change ? Omit<C, "at"> : never;

/** The requests of a page. */
export type Request =
  /** Begin a training. Answered by "network". */
  | ({ readonly type: "configure" } & Beginning)
  /** Take up a training that was left, where it was left; begin it anew if it is no longer kept. Answered by "network". */
  | ({ readonly type: "return" } & Beginning)
  | { readonly type: "play" }
  | { readonly type: "pause" }
  /** One step, then pause. */
  | { readonly type: "step" }
  /** Epochs per second at most; Infinity is as fast as it goes. */
  | { readonly type: "pace"; readonly epochs: number }
  /** Back to (or forward to) an epoch. Answered by "restored". */
  | { readonly type: "restore"; readonly epoch: number }
  /** Changes a number from the next step on. Answered by "changed". */
  | { readonly type: "change"; readonly change: Asked }
  /** What is on the paper: 28 rows of 28 gray values, 0 to 255. */
  | { readonly type: "draw"; readonly pixels: Float32Array }
  /** The place of the plane whose numbers are shown. */
  | { readonly type: "probe"; readonly place: readonly [x: number, y: number] }
  /** The unit whose formula is shown; none any more if nothing is given. */
  | { readonly type: "inspect"; readonly unit?: Inspected }
  /** Answered by "file". */
  | { readonly type: "export"; readonly format: Format }
  /** Gives the network the weights of a safetensors file. */
  | { readonly type: "load"; readonly name: string; readonly bytes: Uint8Array }
  /** The page has shown a frame and wants another. */
  | { readonly type: "shown" };

export type Format = "safetensors" | "onnx" | "typescript";

/** The messages of the worker, and the run that they belong to. */
export type Reply = { readonly run: number } & Told;

export type Told =
  /** What the training runs on, and milliseconds that a step was measured to take. */
  | { readonly type: "device"; readonly on: On; readonly measured?: Measured }
  | {
      readonly type: "network";
      readonly reports: readonly LayerReport[];
      readonly fits: boolean;
      readonly steps: number;
      /** Numbers that the network is to give, and the classes that it tells; none for numbers. */
      readonly outputs: number;
      readonly classes: number | undefined;
      /** Points only: x, y and class or number of each; none where the network does not fit. */
      readonly points: Points | undefined;
      /** Whether training begins, or goes on where it was left. */
      readonly fresh: boolean;
      readonly position: Position;
    }
  | { readonly type: "running"; readonly running: boolean }
  /** What happened since the last time; of very many steps or epochs some, the last among them. */
  | {
      readonly type: "progress";
      readonly position: Position;
      readonly losses: readonly StepLoss[];
      readonly epochs: readonly EpochResult[];
    }
  /** Training stands where an epoch had ended, with that epoch's result; none for the beginning. */
  | { readonly type: "restored"; readonly position: Position; readonly result?: EpochResult }
  /** What it ran on has failed; it goes on, on another device, from the end of an epoch. */
  | {
      readonly type: "moved";
      readonly on: On;
      readonly position: Position;
      readonly result?: EpochResult;
      readonly trouble: Trouble;
    }
  /** All changes so far. What was known of later steps is void. */
  | { readonly type: "changed"; readonly changes: readonly Change[]; readonly position: Position }
  | { readonly type: "frame"; readonly frame: Frame }
  /** What the last update's batch does in each layer now. */
  | { readonly type: "batch"; readonly looks: readonly BatchLook[] }
  | { readonly type: "file"; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Weights were loaded; what they came to on the test data, and the changes that are left. */
  | {
      readonly type: "loaded";
      readonly name: string;
      readonly test: Measure;
      readonly changes: readonly Change[];
      readonly position: Position;
    }
  /** An error; training has stopped. */
  | { readonly type: "failure"; readonly trouble: Trouble };

/** Milliseconds that a step takes on the processor and on the graphics card. */
export interface Measured {
  readonly wasm: number;
  readonly webgpu: number;
}

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
  /** None where the targets are numbers. */
  readonly accuracy?: number;
}

/** The result of an epoch. */
export interface EpochResult extends Measure {
  readonly epoch: number;
  readonly test: Measure;
  /** How often each class (row) was taken for each class (column), row after row. */
  readonly confusion?: readonly number[];
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
  /** Units or channels that there are; some are left out if there are more than `count`. */
  readonly all?: number;
}

/** How strongly the first units of a layer are tied to the first of the one before: [to, from]. */
export interface Edges {
  readonly from: number;
  readonly to: number;
  readonly values: Float32Array;
}

/** What the last update's batch does in one layer. */
export interface BatchLook {
  /** Of what the layer gives, and of the gradient of the cost by that; none of whole numbers, which have no gradient. */
  readonly activations: Histogram;
  readonly gradients?: Histogram;
  /** Of a dropout layer: what the last update kept (not 0) and dropped (0), [samples, elements of each]. */
  readonly mask?: Pictures;
}

/** One layer at this moment. */
export interface LayerFrame {
  /** What its units answer to places of the plane, or its channels to the picture on the paper. */
  readonly responses?: Pictures;
  /** Its weights; of a convolution the size of each kernel, with the sign of its sum. */
  readonly edges?: Edges;
  /** Of a convolution: its kernels for the first input channel. */
  readonly kernels?: Pictures;
}

/** The network itself and what comes of it, at one moment: what a page shows as often as the browser draws. */
export interface Frame {
  /** What the network is given, as pictures. */
  readonly inputs?: Pictures;
  readonly layers: readonly LayerFrame[];
  /**
   * Points only, in the middles of the fields of the plane from -1.25 to 1.25, rows from the top: the number; or the
   * logarithm of how many times as likely as class 0 class 1 is; of more classes that of each one's probability.
   */
  readonly boundary?: Pictures;
  /** Pictures only: how likely each class is for what is on the paper. */
  readonly shares?: readonly number[];
  readonly inspection?: Inspection;
}
