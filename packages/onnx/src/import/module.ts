// The network that an ONNX or TensorFlow.js model becomes.
import { ArgumentError, nn, ShapeError, type Tensor, UnsupportedError } from "tidu";
import {
  Conv,
  check,
  checkOptions,
  checkTensor,
  formatShape,
  instance,
  isHalf,
  Linear,
  refuse,
  text,
} from "tidu/internal";
import type { Constant } from "./constants.js";
import { follow, isEmpty } from "./known.js";
import type { Apply } from "./node.js";

/** One node of the graph, ready to be computed. */
export interface Step {
  /** The node's name in errors, and its place in the file. */
  readonly label: string;
  readonly at: number;
  /** The node's type. */
  readonly op: string;
  /** The layers that compute it. */
  readonly layers: readonly nn.Module[];
  readonly apply: Apply;
  /** For each input the name of its value, the value itself where the file gives it, or nothing. */
  readonly inputs: readonly (string | Tensor | undefined)[];
  readonly outputs: readonly string[];
  /** The values that the file gives among the inputs. */
  readonly constants: readonly Constant[];
  /** Whether an input may be without elements. */
  readonly mayBeEmpty: (input: number) => boolean;
}

/** An input or the output of an imported network as the file declares it; `undefined` for a size that is free. */
export interface Declared {
  readonly name: string;
  readonly shape: readonly (number | undefined)[] | undefined;
  /** The type in which its elements are computed; `undefined` where the file does not say. */
  readonly dtype: "f32" | "i32" | "bool" | undefined;
}

/** Where a new head reads from a network. */
export interface HeadPlace {
  /** The layer that the head replaces. */
  readonly at?: string;
  /** The layer whose output the head reads. */
  readonly after?: string;
}

/**
 * A network from an ONNX file. Layers are children and parameters are fields, under the file's own names if these look
 * like a state's ("0.weight"): it predicts, trains, saves and loads like any other network.
 */
export class OnnxModule extends nn.Module {
  #steps: readonly Step[];
  readonly #given: ReadonlyMap<string, Tensor>;
  /** Layers and parameters by their names as fields. */
  readonly #members = new Map<string, nn.Module | nn.Parameter>();

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
      const field = name in this ? `${name}_` : name;
      this.#members.set(field, value);
      Object.defineProperty(this, field, { value, enumerable: true, configurable: true });
    }
  }

  override toString(): string {
    return `onnx(${this.onnx.name})`;
  }

  /**
   * Puts a layer in another's place. Steps that were bound to the old layer keep calling it, and it calls the new one.
   */
  protected override put(name: string, layer: nn.Module): void {
    const old = this.#members.get(name) as nn.Module;
    old.forward = (...x) => layer.forward(...x);
    this.#members.set(name, layer);
    this.#steps = this.#steps.map((step) => ({
      ...step,
      layers: step.layers.map((other) => (other === old ? layer : other)),
    }));
    Object.defineProperty(this, name, { value: layer, enumerable: true, configurable: true });
  }

  /**
   * The name of the layer that computes the network's scores: a linear layer or a 1×1 convolution, followed at most by
   * softmax or sigmoid, sums and products with constants, means over positions, and reshapes. Undefined if the network
   * outputs something else, such as features.
   */
  get headName(): string | undefined {
    let name = this.onnx.output.name;
    for (const step of [...this.#steps].reverse()) {
      if (!step.outputs.includes(name)) continue;
      const layer = step.layers.find(isScoring);
      if (layer !== undefined) return this.#nameOf(layer);
      const computed = step.inputs.filter((x) => typeof x === "string");
      if (!(PASSING.has(step.op) || (computed.length === 1 && WITH_NUMBERS.has(step.op)))) return undefined;
      [name] = computed;
    }
    return undefined;
  }

  /**
   * A network that shares these layers but ends in `head`. The head reads the input of a layer (`at`) or its output
   * (`after`); everything that follows there, such as softmax, is dropped. Without either, it reads the network's
   * output.
   *
   * @param place the layer, by its name in `namedModules()`. A head that replaces a layer takes its name; otherwise it
   *   is named "head".
   * @throws ArgumentError if no node became a layer of this name.
   *
   * @example
   * ```ts
   * import { nn, zeros } from "tidu";
   * import { exportOnnx, importOnnx } from "@tidu/onnx";
   *
   * const trained = nn.sequential(nn.linear(4, 8), nn.relu(), nn.linear(8, 10), nn.softmax());
   * const net = importOnnx(await exportOnnx(trained, [4]));
   * const mine = net.withHead(nn.linear(8, 2), { at: net.headName });
   * console.log((await mine.predict(zeros([3, 4]))).shape); // [3, 2]
   * ```
   */
  withHead(head: nn.Module, place: HeadPlace = {}): OnnxModule {
    check("withHead", "head", head, instance(nn.Module, "a layer or network"));
    checkOptions("withHead", place, { at: text, after: text });
    const { at, after } = place;
    if (at !== undefined && after !== undefined) refuse("withHead", "after", after, "left out where at is given");
    const [read, before] = this.#readAt(at, after);
    const output = `${this.onnx.output.name}.head`;
    const step: Step = {
      ...{ label: String(head), at: 0, op: "", layers: [head], inputs: [read], outputs: [output] },
      ...{ apply: (x) => head.forward(x), constants: [], mayBeEmpty: () => false },
    };
    const kept = neededFor(read, before);
    const gone = partsOf(this.#steps.filter((other) => !kept.includes(other)));
    for (const part of partsOf(kept)) gone.delete(part);
    const members = new Map([...this.#members].filter(([, part]) => !gone.has(part)));
    let name = at ?? "head";
    while (members.has(name)) name += "_";
    members.set(name, head);
    const used = new Set([...kept.flatMap(({ inputs }) => inputs), read]);
    const inputs = this.onnx.inputs.filter((input) => used.has(input.name));
    const onnx = { ...this.onnx, inputs, output: { name: output, shape: undefined, dtype: undefined } };
    return new OnnxModule(onnx, [...kept, step], this.#given, members);
  }

  /** The value at a place, and the steps before it. */
  #readAt(at: string | undefined, after: string | undefined): [value: Step["inputs"][number], before: readonly Step[]] {
    if (at === undefined && after === undefined) return [this.onnx.output.name, this.#steps];
    const index = at === undefined ? this.#indexOf("after", after) : this.#indexOf("at", at);
    const { inputs, outputs } = this.#steps[index];
    return at === undefined ? [outputs[0], this.#steps.slice(0, index + 1)] : [inputs[0], this.#steps.slice(0, index)];
  }

  #nameOf(layer: nn.Module): string | undefined {
    return [...this.#members].find(([, member]) => member === layer)?.[0];
  }

  /** The last step that a layer computes. */
  #indexOf(what: string, name: string | undefined): number {
    const layer = this.#members.get(name ?? "");
    const index = this.#steps.findLastIndex(({ layers }) => layers.some((other) => other === layer));
    if (index >= 0) return index;
    const names = this.#steps.flatMap(({ layers }) => layers.map((other) => this.#nameOf(other)));
    return refuse("withHead", what, name, `the name of a layer, one of ${[...new Set(names)].join(", ")}`);
  }

  /**
   * The network's output.
   *
   * @param x the inputs in the file's order, `onnx.inputs`.
   * @throws ShapeError if an input is not of the declared shape; the number of samples (axis 0) may be any.
   */
  override forward(...x: Tensor[]): Tensor {
    const { inputs, output } = this.onnx;
    if (x.length !== inputs.length) {
      const names = inputs.map(({ name }) => name).join(", ");
      throw new ArgumentError(`${this}: the number of inputs is ${x.length}; it takes ${inputs.length}: ${names}`);
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

/** A layer that can give a score for each class. */
const isScoring = (layer: nn.Module): boolean =>
  layer instanceof Linear || (layer instanceof Conv && layer.groups === 1 && layer.kernel.every((side) => side === 1));

/** Nodes after which scores still are scores; those whose second input says a shape or axes. */
const PASSING = new Set(
  "Softmax LogSoftmax Sigmoid Identity Cast Dropout Flatten Reshape Squeeze Unsqueeze Transpose GlobalAveragePool AveragePool ReduceMean".split(
    " ",
  ),
);
/** The same, where the file gives the other operand. */
const WITH_NUMBERS = new Set(["Add", "Sub", "Mul", "Div"]);

/** The steps that make a value. */
function neededFor(value: Step["inputs"][number], steps: readonly Step[]): Step[] {
  const wanted = new Set([value]);
  const needed = [...steps].reverse().filter(({ inputs, outputs }) => {
    if (!outputs.some((name) => wanted.has(name))) return false;
    for (const x of inputs) wanted.add(x);
    return true;
  });
  return needed.reverse();
}

/** The layers and parameters of steps. */
const partsOf = (steps: readonly Step[]): Set<unknown> =>
  new Set(steps.flatMap(({ layers, inputs }) => [...layers, ...inputs.filter((x) => x instanceof nn.Parameter)]));

/** Bytes and i64 are computed as i32, halves as f32. */
const asComputed = (x: Tensor): Tensor =>
  x.dtype === "u8" || x.dtype === "i64" ? x.to("i32") : isHalf(x.dtype) ? x.toFloat() : x;

/** Computes a step from values by name, among which it puts its results. */
export function run({ label, apply, inputs, outputs, mayBeEmpty }: Step, values: Map<string, Tensor>): void {
  const given = inputs.map((x) => {
    const value = typeof x === "string" ? values.get(x) : x;
    return value && asComputed(value);
  });
  if (given.some((x, input) => isEmpty(x) && !mayBeEmpty(input))) {
    throw new UnsupportedError(`${label}: it has an input without elements; a tensor must have at least one`);
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
