// Lets TypeScript check that the sizes of neighboring layers fit.
import type { Module } from "./module.js";

// Types that let TypeScript check the sizes between two layers, so that a mismatch is an error in the editor. Sizes are
// read from the layers' fields: `inFeatures` and `outFeatures` (the last axis), `inChannels` and `outChannels`
// (axis 1), and `keeps`. A size that is only `number`, or a layer without such fields, fits everything.

/** Which sizes a layer keeps: all, at least the number of channels, or none that is known. */
export type Keeps = "all" | "channels" | "nothing";

/** Sizes of the last axis and of axis 1; `number` where not known. */
interface Sizes<F extends number = number, C extends number = number> {
  readonly features: F;
  readonly channels: C;
}

type Field<L, Name extends string> = L extends { readonly [K in Name]: infer N extends number } ? N : number;
type Kept<L> = "keeps" extends keyof L ? NonNullable<L["keeps"]> : "nothing";

/** The sizes that a layer takes; a nested network takes those of its first layer. */
type Input<L> = L extends { readonly layers: readonly [infer First, ...unknown[]] }
  ? Input<First>
  : Sizes<Field<L, "inFeatures">, Field<L, "inChannels">>;

/** The sizes that a layer gives for an input of sizes `Before`. */
type Output<L, Before extends Sizes> = L extends { readonly layers: infer Inner extends readonly unknown[] }
  ? OutputOfAll<Inner, Before>
  : Kept<L> extends "all"
    ? Before
    : Kept<L> extends "channels"
      ? Sizes<number, Before["channels"]>
      : Sizes<Field<L, "outFeatures">, Field<L, "outChannels">>;

type OutputOfAll<Layers extends readonly unknown[], Before extends Sizes> = Layers extends readonly [
  infer First,
  ...infer Rest,
]
  ? OutputOfAll<Rest, Output<First, Before>>
  : Layers extends readonly []
    ? Before
    : Sizes;

/** No layer has this field, so TypeScript rejects an argument of this type, and its message says why. */
interface Mismatch<Message extends string> {
  readonly mismatch: Message;
}

type Fits<Given extends number, Taken extends number> = number extends Given | Taken
  ? true
  : [Given] extends [Taken]
    ? true
    : false;

type Accept<L, Given extends Sizes, Taken extends Sizes> =
  Fits<Given["features"], Taken["features"]> extends false
    ? Mismatch<`this layer takes ${Taken["features"]} features, the one before gives ${Given["features"]}`>
    : Fits<Given["channels"], Taken["channels"]> extends false
      ? Mismatch<`this layer takes ${Taken["channels"]} channels, the one before gives ${Given["channels"]}`>
      : L;

/** The layers, with `Mismatch` in place of each that does not fit the one before. */
export type Neighbours<
  Layers extends readonly Module[],
  Before extends Sizes = Sizes,
  Done extends readonly unknown[] = [],
> = Layers extends readonly [infer First extends Module, ...infer Rest extends readonly Module[]]
  ? Neighbours<Rest, Output<First, Before>, [...Done, Accept<First, Before, Input<First>>]>
  : [...Done, ...Layers];
