// Values that an argument should not be. TypeScript reads their types from here: what it refuses the library must refuse.
import { tidu } from "./packages.js";

const cyclic: { self?: object } = {};
cyclic.self = cyclic;

/** Each makes a value of its own, so that no call sees what another did to it. */
export const BAD = {
  nan: () => Number.NaN,
  negative: () => -1,
  fraction: () => 2.5,
  huge: () => 1e9,
  infinite: () => Number.POSITIVE_INFINITY,
  empty: () => "" as const,
  digits: () => "0.1" as const,
  word: () => "no such word" as const,
  null: () => null,
  undefined: () => undefined,
  true: () => true as const,
  record: () => ({}),
  misspelt: () => ({ noSuchOption: 1 }) as const,
  cyclic: () => cyclic,
  list: () => [] as const,
  listOfNaN: () => [Number.NaN],
  fractions: (): [number, number] => [1.5, -2],
  hugeShape: (): [number, number] => [1e9, 1e9],
  mixed: () => [1, undefined, "2"] as const,
  function: () => () => 0,
  symbol: () => Symbol("s"),
  bigint: () => 3n,
  doubles: () => Float64Array.of(1.5, -2.5, 300),
  bigints: () => BigInt64Array.of(1n),
  noBytes: () => new Uint8Array(0),
  date: () => new Date(0),
  map: () => new Map([["a", 1]]),
  tensorOfBools: () => tidu.tensor([1, 2, 3]).gt(2),
  module: () => tidu.nn.relu(),
};

export type BadName = keyof typeof BAD;

/** What an error message shows of each: one of these must be in it. */
export const SHOWN: Readonly<Record<BadName, readonly string[]>> = {
  nan: ["NaN"],
  negative: ["-1"],
  fraction: ["2.5"],
  huge: ["1000000000"],
  infinite: ["Infinity"],
  empty: ['""'],
  digits: ['"0.1"'],
  word: ['"no such word"'],
  null: ["null"],
  undefined: ["undefined"],
  true: ["true"],
  record: ["{}", "undefined"],
  misspelt: ["noSuchOption"],
  cyclic: ["{ self }", '"self"'],
  list: ["[]"],
  listOfNaN: ["[NaN]", "NaN"],
  fractions: ["[1.5, -2]", "1.5", "-2"],
  hugeShape: ["[1000000000, 1000000000]", "1000000000"],
  mixed: ['[1, undefined, "2"]', "undefined", '"2"', "[0] is 1"],
  function: ["a function"],
  symbol: ["Symbol(s)"],
  bigint: ["3n"],
  doubles: ["Float64Array(3)", '"0"'],
  bigints: ["BigInt64Array(1)", '"0"'],
  noBytes: ["Uint8Array(0)"],
  date: ["1970"],
  map: ["Map"],
  tensorOfBools: ["tensor bool [3]", "bool"],
  module: ["relu()"],
};
