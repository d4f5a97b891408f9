import { device, nn, type Tensor, Variable } from "tidu";
import {
  bringHere,
  type DType,
  halfValues,
  isHalf,
  isStorage,
  type Node,
  type Storage,
  settle,
  storedIn,
  type TypedArray,
} from "tidu/internal";
import { TYPE } from "../proto/schema.js";
import type { DataToWrite } from "../proto/tensor.js";
import { weightOf } from "./layers.js";
import type { Traced } from "./trace.js";
import { type GraphWriter, int } from "./writer.js";

/** A network's stored values: its variables, and constant tensors that it uses. */
export class Values {
  readonly #names = new Map<Storage, string>();

  private constructor(
    readonly graph: GraphWriter,
    /** The elements of each storage. */
    private readonly elements: ReadonlyMap<Storage, DataToWrite>,
    /** The network's variables, by what they are stored in. */
    private readonly variables: ReadonlyMap<Storage, readonly [name: string, variable: Variable]>,
    /** Present values of weights that layers compute from parameters, as by `weightNorm`, by layer. */
    private readonly computed: ReadonlyMap<nn.Module, DataToWrite>,
  ) {}

  /** Reads the elements of everything stored that a trace of the network uses. */
  static async read(net: nn.Module, { order, isInput, trace, layers }: Traced, graph: GraphWriter): Promise<Values> {
    const used = new Set(order.flatMap((node) => (isInput(node) ? [] : (placeOf(node) ?? []))));
    // All are asked for before the first wait, during which the network may change.
    const settling = settle(trace.places, new Set());
    bringHere(used);
    const elements = [...used].map(async (storage) => {
      return [storage, toWrite(storage, await device().read(storage))] as const;
    });
    const variables = [...net.state()].map(([name, v]) => [v.storage, [name, v]] as const);
    const computed = [...layers.values()].map(async ({ layer }) => {
      const weight = net.during(false, () => weightOf(layer));
      return weight && ([layer, toWrite(weight, await weight.data())] as const);
    });
    const [stored, weights] = await Promise.all([Promise.all(elements), Promise.all(computed), settling]);
    return new Values(graph, new Map(stored), new Map(variables), new Map(weights.filter((w) => w !== undefined)));
  }

  has(node: Node): boolean {
    const storage = placeOf(node);
    return storage !== undefined && this.elements.has(storage);
  }

  /** The name of a stored value: an initializer for parameters, a constant for everything else. */
  name(node: Node): string | undefined {
    const storage = placeOf(node);
    if (storage === undefined || !this.has(node)) return undefined;
    if (this.variables.get(storage)?.[1] instanceof nn.Parameter) return this.initializer(storage);
    return this.#once(storage, (data) => this.#widened(data, this.graph.constant(data)));
  }

  /** The initializer that holds a layer's weight or another of its values; `path` is the layer's. */
  of(value: Tensor, layer: nn.Module, path: string): string {
    if (value instanceof Variable) return this.initializer(value.storage);
    return this.graph.initializer(path === "" ? "weight" : `${path}.weight`, this.computed.get(layer) as DataToWrite);
  }

  /** The initializer that holds a variable of the network. */
  initializer(storage: Storage): string {
    const name = this.variables.get(storage)?.[0] ?? "value";
    return this.#once(storage, (data) => this.#widened(data, this.graph.initializer(name, data)));
  }

  /** Halves take two bytes in the file, and are floats where they are used. */
  #widened({ dtype }: DataToWrite, name: string): string {
    return isHalf(dtype) ? this.graph.add("Cast", [name], "", { to: int(TYPE.FLOAT) }) : name;
  }

  #once(storage: Storage, write: (data: DataToWrite) => string): string {
    const name = this.#names.get(storage) ?? write(this.elements.get(storage) as DataToWrite);
    this.#names.set(storage, name);
    return name;
  }
}

/** Where a value is that the trace found stored. */
const placeOf = (node: Node): Storage | undefined => (isStorage(node) ? node.attrs : storedIn(node));

/** Stored truth values are lanes of ones; stored bytes are widened when they are read. */
function toWrite({ shape, dtype }: { shape: readonly number[]; dtype: DType }, data: TypedArray): DataToWrite {
  if (dtype === "bool") return { dtype, shape, data: Uint8Array.from(data, (v) => Number(v !== 0)) };
  if (isHalf(dtype)) return { dtype, shape, data: data instanceof Float32Array ? data : halfValues(dtype, data) };
  if (data instanceof Float32Array) return { dtype: "f32", shape, data };
  return { dtype: "i32", shape, data: Int32Array.from(data) };
}
