// What the nodes of some kinds have besides their inputs, where that says which numbers go where.

/**
 * Names the axes of a sum of products, as in Einstein's summation convention. Axes with the same label run together;
 * a label in both inputs but not in the output is summed over. Matrix products, convolutions (over window views)
 * and their gradients are all of this form.
 */
export interface Contraction {
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly out: readonly string[];
  /** Set where the first summed label is a tree's: its steps are sums of their own, which are added in pairs. */
  readonly tree?: true;
}

export interface Gather {
  /** The axis of x that the rows are counted along. */
  readonly axis: number;
}

/** Where the rows of a scatter's result are. */
export interface Scatter {
  readonly axis: number;
  /** How many rows there are. */
  readonly size: number;
}

/** Runs of one program that compute together; what makes their programs ready is `tensor/realizer.ts`'s `Team`. */
export interface Group {
  /** Distinguishes it from other groups in a program's signature; the same in every process. */
  readonly name: string;
}
