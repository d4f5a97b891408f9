// What a curve is, and its looks: the same in a plot and in its legend.

/** One curve: a value (or null for a gap) at each place of the chart's x. */
export interface Curve {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
  /** In the background. */
  readonly thin?: boolean;
  /** Number of its color, from 0; default its place among the curves. */
  readonly series?: number;
  /** A color of the theme by its meaning, such as "--train"; default that of `series`. */
  readonly colour?: string;
}

/** Custom properties of the theme: colors that can be told apart with any kind of color vision. */
export const SERIES = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"] as const;
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [6, 4], [2, 3]];

const numberOf = ({ series }: Curve, place: number): number => series ?? place;
export const colourOf = (curve: Curve, place: number): string =>
  curve.colour ?? SERIES[numberOf(curve, place) % SERIES.length];

/** Where colors come again, dashes tell. */
export const dashOf = (curve: Curve, place: number): readonly number[] | undefined =>
  DASHES[
    (curve.colour === undefined ? Math.floor(numberOf(curve, place) / SERIES.length) : 0) + (curve.dashed ? 1 : 0)
  ];
