// An operation of a graph model, with the questions that its row may ask.
import type { Builder, Value } from "../builder.js";
import { isObject, type Json, type Place, Settings } from "../place.js";
import type { Weight } from "../weights.js";

/** How operations of each type are written; those with several results give a list. */
export type Row = (op: Operation, ...x: Value[]) => Value | readonly Value[];
export type Rows = Readonly<Record<string, Row>>;

export class Operation {
  readonly settings: Settings;

  constructor(
    readonly place: Place,
    readonly builder: Builder,
    /** Its name in the network. */
    readonly path: string,
    readonly inputs: readonly Value[],
    attributes: Json,
  ) {
    if (inputs.length === 0) place.damaged("takes no value");
    this.settings = new Settings(place, plain(attributes, place));
  }

  /** Fails unless it has so many inputs. */
  needs(count: number): void {
    if (this.inputs.length < count)
      this.place.damaged(`has ${this.inputs.length} of the ${count} inputs that it needs`);
  }

  /** A weight of the file that an input is. */
  weight(input: number): Weight | undefined {
    return this.inputs[input]?.weight;
  }

  /** The whole numbers of an input that must be given by the file. */
  wholes(input: number): readonly number[] {
    const { dtype, data } = this.#given(input);
    return dtype === "i32"
      ? [...data]
      : this.place.damaged(`has sizes or axes (input ${input}) that are not whole numbers`);
  }

  whole(input: number): number {
    return this.wholes(input)[0] ?? this.place.damaged(`has no number as input ${input}`);
  }

  number(input: number): number {
    return this.#given(input).data[0] ?? this.place.damaged(`has no number as input ${input}`);
  }

  #given(input: number): Weight {
    this.needs(input + 1);
    const problem = `has sizes, axes or bounds (input ${input}) that the network computes; they must be constants`;
    return this.weight(input) ?? this.place.refuse(problem);
  }

  /** An attribute that is a list of texts. */
  words(name: string): readonly string[] {
    const list = this.settings.raw(name) ?? [];
    const areTexts = Array.isArray(list) && list.every((word) => typeof word === "string");
    return areTexts ? list : this.place.damaged(`has ${name} that are not strings`);
  }

  rank(input: number): number {
    return (
      this.inputs[input]?.rank ?? this.place.refuse(`takes a value (input ${input}) whose number of axes is not known`)
    );
  }

  /** An axis, from the end if it is negative. */
  axis(axis: number, input: number, more = 0): number {
    return axis < 0 ? axis + this.rank(input) + more : axis;
  }

  /** Adds a node of this operation. */
  add(op: string, inputs: readonly (Value | string)[], rank: number | undefined, attributes = {}): Value {
    return this.builder.add(op, inputs, rank, this.path, attributes);
  }

  /** Refuses images with channels first, which TensorFlow.js does not support either. */
  needsChannelsLast(): void {
    const format = this.settings.word<string>("data_format", "NHWC");
    if (!format.endsWith("C")) this.place.refuse(`has data_format ${format}, expected NHWC`);
  }
}

function text(s: unknown, place: Place): unknown {
  if (Array.isArray(s)) return String.fromCharCode(...s);
  if (typeof s !== "string") return s;
  try {
    return atob(s);
  } catch {
    return place.damaged(`has the text ${JSON.stringify(s)}, expected base64`);
  }
}

const number = (v: unknown): unknown => (typeof v === "string" ? Number(v) : v);

/** Attributes as numbers, texts, truths and lists of them. */
const plain = (attributes: Json, place: Place): Json =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, plainValue(value, place)]));

function plainValue(value: unknown, place: Place): unknown {
  if (!isObject(value)) return value;
  if ("s" in value) return text(value.s, place);
  if ("i" in value) return number(value.i);
  if ("f" in value) return number(value.f);
  if ("b" in value) return value.b;
  if ("type" in value) return value.type;
  if (!isObject(value.list)) return undefined;
  const { s, i, f } = value.list;
  if (Array.isArray(s)) return s.map((word) => text(word, place));
  const list = i ?? f ?? [];
  return Array.isArray(list) ? list.map(number) : list;
}

/** Sizes, -1 for a free one; undefined if even their number is free. */
export function sizes(shape: unknown): readonly number[] | undefined {
  if (!isObject(shape) || shape.unknownRank === true) return undefined;
  return Array.isArray(shape.dim) ? shape.dim.map((d) => Number(isObject(d) ? (d.size ?? -1) : -1)) : [];
}
