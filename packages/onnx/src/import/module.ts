import { ArgumentError, nn, ShapeError, type Tensor, UnsupportedError } from "tidu";
import { checkTensor, formatShape, isHalf } from "tidu/internal";
import type { Constant } from "./constants.js";
import { follow, isEmpty } from "./known.js";
import type { Apply } from "./node.js";

/** One node of the graph, ready to be computed. */
export interface Step {
  /** The node's name in errors, and its place in the file. */
  readonly label: string;
  readonly at: number;
  readonly apply: Apply;
  /** For each input the name of its value, the value itself where the file gives it, or nothing. */
  readonly inputs: readonly (string | Tensor | undefined)[];
  readonly outputs: readonly string[];
  /** The values that the file gives among the inputs. */
  readonly constants: readonly Constant[];
  /** Whether it takes inputs without elements. */
  readonly takesEmpty: boolean;
}

/** An input or the output of an imported network as the file declares it; `undefined` for a size that is free. */
export interface Declared {
  readonly name: string;
  readonly shape: readonly (number | undefined)[] | undefined;
  /** The type in which its elements are computed; `undefined` where the file does not say. */
  readonly dtype: "f32" | "i32" | "bool" | undefined;
}

/**
 * A network from an ONNX file. Layers are children and parameters are fields, under the file's own names where they are
 * those of a state ("0.weight"): it predicts, trains, saves and loads like any other network.
 */
export class OnnxModule extends nn.Module {
  readonly #steps: readonly Step[];
  readonly #given: ReadonlyMap<string, Tensor>;

  constructor(
    /** The file's description of the network. */
    readonly onnx: { readonly name: string; readonly inputs: readonly Declared[]; readonly output: Declared },
    steps: readonly Step[],
    /** What the file gives under a name, where that is the output itself. */
    given: ReadonlyMap<string, Tensor>,
    members: ReadonlyMap<string, nn.Module | nn.Parameter>,
  ) {
    super();
    this.#steps = steps;
    this.#given = given;
    for (const [name, value] of members) {
      // A name that networks use for something else must not hide it.
      Object.defineProperty(this, name in this ? `${name}_` : name, { value, enumerable: true, configurable: true });
    }
  }

  override toString(): string {
    return `onnx(${this.onnx.name})`;
  }

  /** The steps still call the old layer, which from now on calls the new one. */
  protected override put(name: string, layer: nn.Module): void {
    const old = (this as unknown as Record<string, nn.Module>)[name];
    old.forward = (...x) => layer.forward(...x);
    Object.defineProperty(this, name, { value: layer, enumerable: true, configurable: true });
  }

  /**
   * @param x the inputs in the file's order, `onnx.inputs`.
   * @throws ShapeError if an input is not of the declared shape; the number of samples (axis 0) may be any.
   */
  override forward(...x: Tensor[]): Tensor {
    const { inputs, output } = this.onnx;
    if (x.length !== inputs.length) {
      const names = inputs.map(({ name }) => name).join(", ");
      throw new ArgumentError(`${this}: there are ${x.length} inputs; it takes ${inputs.length}: ${names}`);
    }
    const values = new Map(this.#given);
    inputs.forEach((declared, i) => values.set(declared.name, this.#typed(declared, x[i])));
    for (const step of this.#steps) run(step, values);
    return values.get(output.name) as Tensor;
  }

  #typed({ name, shape, dtype }: Declared, x: Tensor): Tensor {
    const what = this.onnx.inputs.length === 1 ? "input" : `input ${JSON.stringify(name)}`;
    checkTensor(String(this), what, x);
    const fits = (size: number | undefined, axis: number) => axis === 0 || size === undefined || size === x.shape[axis];
    if (shape !== undefined && (shape.length !== x.rank || !shape.every(fits))) {
      const expected = shape.map((size, axis) => (axis === 0 || size === undefined ? "any" : size));
      throw new ShapeError(`${this}: ${what} has shape ${formatShape(x.shape)}, expected [${expected.join(", ")}]`);
    }
    return x.to(dtype ?? asComputed(x).dtype);
  }
}

/** Bytes are computed as i32, halves as f32. */
const asComputed = (x: Tensor): Tensor => (x.dtype === "u8" ? x.toInt() : isHalf(x.dtype) ? x.toFloat() : x);

/** Computes a step from values by name, among which it puts its results. */
export function run({ label, apply, inputs, outputs, takesEmpty }: Step, values: Map<string, Tensor>): void {
  const given = inputs.map((x) => {
    const value = typeof x === "string" ? values.get(x) : x;
    return value && asComputed(value);
  });
  if (!takesEmpty && given.some(isEmpty)) {
    throw new UnsupportedError(`${label}: it has an input without elements, which no tensor may have`);
  }
  const made = named(label, () => apply(...(given as Tensor[])));
  const results = Array.isArray(made) ? (made as readonly Tensor[]) : [made as Tensor];
  follow(
    given.filter((x) => x !== undefined),
    results,
  );
  results.forEach((result, i) => {
    if (outputs[i]) values.set(outputs[i], result);
  });
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
