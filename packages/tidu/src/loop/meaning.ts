// What a loop is in float64: its steps run one after the other, in the reference interpreter.
import { type Shape, sizeOf } from "../base/shape.js";
import { meaningOf } from "../graph/meaning.js";
import { type Elements, type Node, type Part, type Steps, topologicalOrder } from "../graph/node.js";
import { given, placeAt } from "./steps.js";

/** The values of parameters at a step, and of all nodes computed from them. */
type Known = Map<Node, Elements>;

/** A loop that has run. */
export class Ran implements Elements {
  readonly shape: Shape = [];
  readonly data = new Float64Array(1);
  /** By place. */
  readonly #known: Known[] = [];
  readonly #last: readonly Elements[];

  constructor(
    readonly steps: Steps,
    inputs: readonly Elements[],
  ) {
    let now = inputs;
    for (let i = 0; i < steps.length; i++) {
      const place = placeAt(steps, i);
      const known: Known = given(steps, inputs, now, (x) => rowAt(x, place));
      this.#known[place] = known;
      now = steps.next.map((node) => valueIn(node, known));
    }
    this.#last = now;
  }

  part(part: Part): Float64Array {
    const { parameters, backwards } = this.steps;
    if ("last" in part) return this.#last[part.last].data;
    const values = this.#known.map((known) => valueIn("each" in part ? part.each : parameters[part.all], known));
    if ("all" in part) values.splice(backwards ? 0 : values.length, 0, this.#last[part.all]);
    const size = values[0].data.length;
    const data = new Float64Array(values.length * size);
    values.forEach((x, i) => data.set(x.data, i * size));
    return data;
  }
}

function rowAt({ shape: [, ...shape], data }: Elements, place: number): Elements {
  const size = sizeOf(shape);
  return { shape, data: data.subarray(place * size, (place + 1) * size) };
}

function valueIn(root: Node, known: Known): Elements {
  for (const node of topologicalOrder([root], known)) {
    const inputs = node.inputs.map((x) => known.get(x) as Elements);
    known.set(node, meaningOf(node, inputs));
  }
  return known.get(root) as Elements;
}
