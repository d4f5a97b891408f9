// What is known of a graphics card: its limits, and what the tiles of a contraction cost on it.

/** Bytes to whose multiples every binding's start is rounded: the largest that any card may ask for. */
export const ALIGNMENT = 256;

export interface WgslTarget {
  /** Storage buffers of one shader, at most. */
  readonly mostBuffers: number;
  /** Bytes of one binding, at most. */
  readonly mostBinding: number;
  /** Shapes of tiles that may be used; none: contractions run as plain sums. */
  readonly tiles: readonly TileCost[];
  /** Run kernels side by side that do not need each other. */
  readonly beside: boolean;
}

/** A tile of results that a workgroup computes together, and what a step of its sum costs. */
export interface TileCost {
  readonly rows: number;
  readonly columns: number;
  /** Nanoseconds for each step of the sum in one workgroup that has the card for itself. */
  readonly alone: number;
  /** Nanoseconds for each step and workgroup where workgroups fill the card. */
  readonly shared: number;
}

/**
 * Tiles and what they cost on a card of some hundred multiprocessors, until they are measured.
 */
export const TILES: readonly TileCost[] = [
  { rows: 128, columns: 128, alone: 150, shared: 0.9 },
  { rows: 128, columns: 64, alone: 100, shared: 0.5 },
  { rows: 64, columns: 128, alone: 100, shared: 0.5 },
  { rows: 64, columns: 64, alone: 60, shared: 0.3 },
  { rows: 32, columns: 64, alone: 40, shared: 0.2 },
  { rows: 32, columns: 32, alone: 32, shared: 0.14 },
  { rows: 16, columns: 64, alone: 30, shared: 0.13 },
  { rows: 8, columns: 128, alone: 30, shared: 0.13 },
];
