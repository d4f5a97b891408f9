// What passes know of the machine that a program is compiled for: a few numbers, never the device itself.

import type { Limits, Node } from "../graph/node.js";
import type { Kernel, MakeBuffer } from "./kernel.js";

/** The machine that a program is made for. */
export interface Target extends Limits {
  /**
   * How many neighbors in memory are best computed together: the lanes of a tile's vectors, or the threads of a group.
   * Loops whose length is a multiple of this keep all of them busy.
   */
  readonly together: number;
  /** The most lanes that such a machine may have, as far as is known. */
  readonly widest: number;
  /** The fewest steps that a loop needs to be as good: the other lanes then run along another loop, or cost little. */
  readonly vector: number;
  /** Every buffer of the arena starts at a multiple of this many bytes. */
  readonly alignment: number;
  /** No kernel touches more buffers, nor do kernels that run side by side, for which the arena counts as one. */
  readonly mostBuffers: number;
  /** No kernel stores more values: each is a stream of its own through memory. */
  readonly mostStores: number;
  /** No expression gets longer than about this many instructions, so that engines compile kernels well. */
  readonly longest: number;
  /** A value used several times is stored when computing it again would cost more instructions than this. */
  readonly recompute: number;
  /** Whether a program may run kernels in a loop; if not, loops are written out. */
  readonly loops: boolean;
  /** Whether convolutions over 3×3 windows may be computed from fewer products (Winograd). */
  readonly winograd: boolean;
  /** Stores more values, for reasons of the device; nodes come in the order of the graph. */
  readonly store?: (order: readonly Node[], stored: Set<Node>) => void;
  /** The device's own last pass over the kernels: it may add some, and says which run side by side. */
  readonly finish?: (kernels: readonly Kernel[], make: MakeBuffer) => readonly (readonly Kernel[])[];
}

/** A processor whose threads share memory and have vectors of 128 bits or more; the same for all, so that sums have one order. */
export const PROCESSOR: Target = {
  together: 8,
  widest: 16,
  vector: 4,
  alignment: 64,
  mostBuffers: Number.POSITIVE_INFINITY,
  mostStores: 16,
  longest: 300,
  recompute: 3,
  mostTerms: 128,
  loops: true,
  winograd: true,
};

/** Share of lanes that do useful work where `size` elements are computed `per` at a time. */
export const filled = (size: number, per: number): number => size / (Math.ceil(size / per) * per);
