// Raw values of tables, images and arrays, and how a file computes a network's input from them.
import { ArgumentError } from "tidu";
import {
  check,
  finite,
  flag,
  formatShape,
  having,
  type Kind,
  listOf,
  needed,
  oneOrMore,
  options,
  positive,
  type Shape,
  sizeOf,
  text,
  words,
} from "tidu/internal";
import { TYPE, type ValueInfoToWrite } from "../proto/schema.js";
import { DATE_PARTS, type DatePart, writeDate } from "./date.js";
import { type Attribute, type GraphWriter, int, ML, strings } from "./writer.js";

/** A raw value from which the network's input is computed. Several values of a row give their features in order. */
export type RawInput =
  | {
      /** A number for each row, float64 [batch, 1]; it becomes (x - mean) / deviation. A missing one is NaN and becomes 0. */
      readonly kind: "number";
      readonly name: string;
      readonly mean: number;
      readonly deviation: number;
      /** Whether a further feature is 1 for missing values. */
      readonly missing?: boolean;
    }
  | {
      /** A text for each row, [batch, 1]; it becomes a one-hot feature for each category. */
      readonly kind: "category";
      readonly name: string;
      readonly categories: readonly string[];
    }
  | {
      /**
       * A date for each row, float64 [batch, 1]: milliseconds since 1970 of the date as written, without regard to its time
       * zone, or for times of day milliseconds since midnight. A missing one is NaN, and its features are 0.
       */
      readonly kind: "date";
      readonly name: string;
      /**
       * The features, in this order: the year with its fraction, as (x - mean) / deviation; for the other parts sine and
       * cosine of 2π times the elapsed share.
       */
      readonly parts: readonly DatePart[];
      readonly mean: number;
      readonly deviation: number;
      /** Whether a further feature is 1 for missing dates. */
      readonly missing?: boolean;
    }
  | {
      /** Features that are computed elsewhere, such as hashed names: float32 [batch, width], taken as they are. */
      readonly kind: "features";
      readonly name: string;
      readonly width: number;
    }
  | {
      /** A whole sample, in the network's shape; it becomes (x - mean) / deviation along the sample's first axis. */
      readonly kind: "sample";
      readonly name: string;
      /** The type of its elements: "u8" for pixels. */
      readonly dtype: "u8" | "f32";
      /** One for each index along the first axis, or one for all. */
      readonly means: readonly number[];
      readonly deviations: readonly number[];
    };

const common = { kind: needed(text), name: needed(text) };
const KINDS: Readonly<Record<RawInput["kind"], Kind>> = {
  number: options({ ...common, mean: needed(finite), deviation: needed(positive), missing: flag }),
  date: options({
    ...common,
    parts: needed(listOf(words(...DATE_PARTS))),
    mean: needed(finite),
    deviation: needed(positive),
    missing: flag,
  }),
  features: options({ ...common, width: needed(oneOrMore) }),
  category: options({ ...common, categories: needed(listOf(text)) }),
  sample: options({
    ...common,
    dtype: needed(words("u8", "f32")),
    means: needed(listOf(finite)),
    deviations: needed(listOf(positive)),
  }),
};
const NAMES = words(...Object.keys(KINDS));
const OBJECT = having("an object with a kind and a name", "kind", "name");
export const RAW_INPUTS: Kind = listOf(OBJECT, "a list of raw inputs");

function checkRaw(where: string, raw: RawInput, i: number): void {
  check(where, `inputs[${i}].kind`, raw.kind, NAMES);
  check(where, `inputs[${i}]`, raw, KINDS[raw.kind]);
}

/** The name of the network's input, and the declarations of the raw inputs. */
export interface WrittenRaw {
  readonly input: string;
  readonly declared: readonly ValueInfoToWrite[];
}

/** Writes how the network's input is computed. Throws ArgumentError where it would have another shape. */
export function writeRaw(
  where: string,
  inputs: readonly RawInput[],
  inputShape: Shape,
  graph: GraphWriter,
  batchSize: number | undefined,
): WrittenRaw {
  inputs.forEach((raw, i) => checkRaw(where, raw, i));
  const names = inputs.map(({ name }) => graph.unique(name));
  const twice = inputs.find(({ name }, i) => name === "" || names[i] !== name);
  if (twice !== undefined)
    throw new ArgumentError(
      `${where}: inputs: the name ${JSON.stringify(twice.name)} is empty or used twice; give each input its own`,
    );
  const [first] = inputs;
  const whole = first?.kind === "sample" && inputs.length === 1;
  const width = whole ? sizeOf(inputShape) : inputs.reduce((sum, raw) => sum + widthOf(raw), 0);
  if (!whole && (inputShape.length !== 1 || width !== inputShape[0])) {
    throw new ArgumentError(
      `${where}: inputs give ${width} features of a row; the network takes ${formatShape(inputShape)}`,
    );
  }
  const features = inputs.flatMap((raw) => write(raw, inputShape, graph));
  return {
    input: features.length === 1 ? features[0] : graph.add("Concat", features, "preprocess", { axis: int(1) }),
    declared: inputs.map((raw) =>
      declare(
        raw.name,
        TYPES[raw.kind === "sample" ? raw.dtype : raw.kind],
        whole ? inputShape : [raw.kind === "features" ? raw.width : 1],
        batchSize,
      ),
    ),
  };
}

const TYPES = {
  number: TYPE.DOUBLE,
  date: TYPE.DOUBLE,
  features: TYPE.FLOAT,
  category: TYPE.STRING,
  u8: TYPE.UINT8,
  f32: TYPE.FLOAT,
} as const;

function widthOf(raw: RawInput): number {
  switch (raw.kind) {
    case "number":
      return 1 + Number(raw.missing ?? false);
    case "date":
      return raw.parts.reduce((sum, part) => sum + (part === "year" ? 1 : 2), 0) + Number(raw.missing ?? false);
    case "features":
      return raw.width;
    case "category":
      return raw.categories.length;
    case "sample":
      return 0;
  }
}

/** The declaration of a value [batch, …shape]. */
export const declare = (name: string, type: number, shape: Shape, batchSize: number | undefined): ValueInfoToWrite => {
  const batch = batchSize === undefined ? { dim_param: "batch" } : { dim_value: batchSize };
  const dim = [batch, ...shape.map((size) => ({ dim_value: size }))];
  return { name, type: { tensor_type: { elem_type: type, shape: { dim } } } };
};

const PATH = "preprocess";
const FLOAT: Record<string, Attribute> = { to: int(TYPE.FLOAT) };

function write(raw: RawInput, inputShape: Shape, graph: GraphWriter): string[] {
  const { name } = raw;
  if (raw.kind === "category") {
    const places = graph.add(
      "OneHotEncoder",
      [name],
      PATH,
      { cats_strings: strings(raw.categories), zeros: int(1) },
      ML,
    );
    return [graph.add("Reshape", [places, graph.list([-1, raw.categories.length])], PATH)];
  }
  if (raw.kind === "sample") return [standardized(raw, inputShape, graph)];
  if (raw.kind === "features") return [name];
  const missing = graph.add("IsNaN", [name], PATH);
  const present = (feature: string): string => graph.add("Where", [missing, graph.number(0), feature], PATH);
  const mark = raw.missing ? [graph.add("Cast", [missing], PATH, FLOAT)] : [];
  if (raw.kind === "date") return [...writeDate(raw, graph).map(present), ...mark];
  const [mean, deviation] = [raw.mean, raw.deviation].map((value) => graph.number(value, "f64"));
  const far = graph.add("Div", [graph.add("Sub", [name, mean], PATH), deviation], PATH);
  return [present(graph.add("Cast", [far], PATH, FLOAT)), ...mark];
}

/** In float64, as the data of a training are standardized. */
function standardized(
  { name, means, deviations }: Extract<RawInput, { kind: "sample" }>,
  inputShape: Shape,
  graph: GraphWriter,
): string {
  const shape = means.length === 1 ? [] : [means.length, ...new Array<number>(inputShape.length - 1).fill(1)];
  const [center, spread] = [means, deviations].map((values) =>
    graph.constant({ dtype: "f64", shape, data: Float64Array.from(values) }),
  );
  const exact = graph.add("Cast", [name], PATH, { to: int(TYPE.DOUBLE) });
  const far = graph.add("Div", [graph.add("Sub", [exact, center], PATH), spread], PATH);
  return graph.add("Cast", [far], PATH, FLOAT);
}
