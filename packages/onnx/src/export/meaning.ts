// The meaning of a network's scores: classes, or values in their own units.
import { ArgumentError } from "tidu";
import { finite, formatShape, type Kind, listOf, needed, options, positive, type Shape, text } from "tidu/internal";
import { TYPE, type ValueInfoToWrite } from "../proto/schema.js";
import { declare } from "./raw.js";
import { type GraphWriter, int } from "./writer.js";

/** The meaning of a network's scores [batch, n]: n classes by name, or n standardized values. */
export interface Meaning {
  /** Names of the classes, whose scores are logits. */
  readonly classes?: readonly string[];
  /** Mean and standard deviation by which each value was standardized, (x - mean) / deviation. */
  readonly values?: readonly { readonly mean: number; readonly deviation: number }[];
}

export const MEANING: Kind = options({
  classes: listOf(text),
  values: listOf(options({ mean: needed(finite), deviation: needed(positive) })),
});

const PATH = "postprocess";

/** Writes the nodes for the scores' meaning; returns the declarations of the outputs. */
export function writeMeaning(
  where: string,
  { classes, values }: Meaning,
  scores: string,
  shape: Shape,
  graph: GraphWriter,
  batchSize: number | undefined,
): ValueInfoToWrite[] {
  if ((classes === undefined) === (values === undefined))
    throw new ArgumentError(
      `${where}: outputs has ${classes ? "both classes and values" : "neither classes nor values"}; give one of them`,
    );
  const count = (classes ?? values ?? []).length;
  if (shape.length !== 2 || shape[1] !== count) {
    throw new ArgumentError(
      `${where}: outputs has ${count} ${classes ? "classes" : "values"}; the network gives ${formatShape(shape.slice(1))} for a sample`,
    );
  }
  if (values !== undefined) {
    const [spread, mean] = (["deviation", "mean"] as const).map((key) =>
      graph.constant({ dtype: "f64", shape: [count], data: Float64Array.from(values, (v) => v[key]) }),
    );
    const exact = graph.add("Cast", [scores], PATH, { to: int(TYPE.DOUBLE) });
    const own = graph.add("Add", [graph.add("Mul", [exact, spread], PATH), mean], PATH);
    return [declare(graph.finish(own, "values"), TYPE.DOUBLE, [count], batchSize)];
  }
  const best = graph.add("ArgMax", [scores], PATH, { axis: int(1), keepdims: int(0) });
  const label = graph.add("Gather", [graph.texts(classes ?? []), best], PATH, { axis: int(0) });
  const chances = graph.add("Softmax", [scores], PATH, { axis: int(1) });
  return [
    declare(graph.finish(label, "label"), TYPE.STRING, [], batchSize),
    declare(graph.finish(chances, "probabilities"), TYPE.FLOAT, [count], batchSize),
  ];
}
