import { ArgumentError, nn, ShapeError, type Tensor } from "tidu";
import { formatShape } from "tidu/internal";
import { follow } from "./known.js";
import type { Apply } from "./node.js";

/** One node of the graph, ready to be computed. */
export interface Step {
  /** The node as it is named in errors, and where it stands in the file. */
  readonly label: string;
  readonly at: number;
  readonly apply: Apply;
  /** For each input the name of its value, the value itself where the file gives it, or nothing. */
  readonly inputs: readonly (string | Tensor | undefined)[];
  readonly outputs: readonly string[];
}

/** The input or output of an imported network as the file declares it; `undefined` for a size that is free. */
export interface Declared {
  readonly name: string;
  readonly shape: readonly (number | undefined)[] | undefined;
}

/**
 * A network from an ONNX file. Layers are children and parameters are fields, under the file's own names where they are
 * those of a state ("0.weight"): it predicts, trains, saves and loads like any other network.
 */
export class OnnxModule extends nn.Module {
  readonly #steps: readonly Step[];

  constructor(
    /** What the file says of the network as a whole. */
    readonly onnx: { readonly name: string; readonly input: Declared; readonly output: Declared },
    steps: readonly Step[],
    members: ReadonlyMap<string, nn.Module | nn.Parameter>,
  ) {
    super();
    this.#steps = steps;
    for (const [name, value] of members) {
      // A name that networks use for something else must not hide it.
      Object.defineProperty(this, name in this ? `${name}_` : name, { value, enumerable: true });
    }
  }

  override toString(): string {
    return `onnx(${this.onnx.name})`;
  }

  /** @throws ShapeError if the input is not of the declared shape; the number of samples (axis 0) may be any. */
  override forward(x: Tensor): Tensor {
    this.#check(x);
    const values = new Map<string, Tensor>([[this.onnx.input.name, x]]);
    for (const step of this.#steps) run(step, values);
    return values.get(this.onnx.output.name) as Tensor;
  }

  #check(x: Tensor): void {
    const { shape } = this.onnx.input;
    const fits = (size: number | undefined, axis: number) => axis === 0 || size === undefined || size === x.shape[axis];
    if (shape === undefined || (shape.length === x.rank && shape.every(fits))) return;
    const expected = shape.map((size, axis) => (axis === 0 || size === undefined ? "any" : size));
    throw new ShapeError(`${this}: input has shape ${formatShape(x.shape)}, expected [${expected.join(", ")}]`);
  }
}

function run({ label, apply, inputs, outputs }: Step, values: Map<string, Tensor>): void {
  const given = inputs.map((x) => (typeof x === "string" ? values.get(x) : x));
  const made = named(label, () => apply(...(given as Tensor[])));
  const results = Array.isArray(made) ? (made as readonly Tensor[]) : [made as Tensor];
  follow(
    given.filter((x) => x !== undefined),
    results,
  );
  results.forEach((result, i) => values.set(outputs[i], result));
}

/** Says in errors about shapes which node they are about. */
function named<T>(label: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof ShapeError) throw new ShapeError(`${label}: ${error.message}`);
    if (error instanceof ArgumentError) throw new ArgumentError(`${label}: ${error.message}`);
    throw error;
  }
}
