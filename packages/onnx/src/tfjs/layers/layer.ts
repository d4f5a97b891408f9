// What the rows of the table of Keras layers share.
import type { Builder, Value } from "../builder.js";
import type { Place, Settings } from "../place.js";
import type { Weight } from "../weights.js";

/** A layer of the file, with the questions that its row may ask. */
export interface Layer {
  readonly place: Place;
  readonly settings: Settings;
  readonly builder: Builder;
  /** Its name in the network; layers of models inside stand behind a dot. */
  readonly path: string;
  /** Its weight of a name, which must be there. */
  weight(name: string): Weight;
  /** A value of the network's state, from its weights. */
  parameter(name: string, make: () => Weight): Value;
}

/** How layers of each class are written. */
export type Row = (layer: Layer, x: Value, all: readonly Value[]) => Value;
export type Rows = Readonly<Record<string, Row>>;

/** The number of axes of a value, which the row needs to know. */
export function rankOf({ place }: Layer, x: Value, expected?: number): number {
  const { rank } = x;
  if (rank === undefined) return place.refuse("takes a value whose number of axes is not known");
  if (expected !== undefined && rank !== expected) place.damaged(`takes a value of ${rank} axes, expected ${expected}`);
  return rank;
}
