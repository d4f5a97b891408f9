// Layers models: from the layers of Sequential and functional models, one inside the other, to a graph.
import { FormatError, UnsupportedError } from "tidu";
import type { Builder, Value } from "../builder.js";
import { checkTypes, isObject, type Json, Place, Settings, type Source } from "../place.js";
import type { Weight } from "../weights.js";
import type { Layer } from "./layer.js";
import { OTHERS } from "./others.js";
import { WINDOWS } from "./windows.js";

export const LAYER_ROWS = { ...WINDOWS, ...OTHERS };

const MODELS = ["Sequential", "Model", "Functional"];
const INPUT = "InputLayer";

/** A layer as the file has it. */
interface Entry {
  readonly type: string;
  readonly name: string;
  readonly config: Json;
  readonly inbound: unknown;
}

export class LayersModel {
  /** The last value of each layer, by its path. */
  readonly values = new Map<string, Value>();

  constructor(
    private readonly source: Source,
    private readonly weights: ReadonlyMap<string, Weight>,
    private readonly builder: Builder,
  ) {}

  /** Writes the model and returns its outputs. */
  write(topology: unknown): { readonly name: string; readonly outputs: readonly Value[] } {
    const model = isObject(topology) && isObject(topology.model_config) ? topology.model_config : topology;
    const entry = this.#entry(model);
    if (!MODELS.includes(entry.type)) this.#place(entry).refuse(`is no model: expected one of ${MODELS.join(", ")}`);
    const known = Object.fromEntries([INPUT, ...MODELS, ...Object.keys(LAYER_ROWS)].map((type) => [type, true]));
    checkTypes(this.source.file, "layer", this.#types(entry), known);
    return { name: entry.name, outputs: this.#model(entry, "", undefined) };
  }

  #entry(value: unknown): Entry {
    const { class_name: type, config, inbound_nodes: inbound } = isObject(value) ? value : {};
    const settings = Array.isArray(config) ? { layers: config } : config;
    if (typeof type !== "string" || !isObject(settings)) {
      throw new FormatError(this.source.file, 0, "it has a layer without class_name or config");
    }
    const name = settings.name ?? (value as Json).name ?? type;
    return { type, name: String(name), config: settings, inbound };
  }

  #place = ({ type, name }: Entry): Place => new Place(this.source, type, name);

  #layers(entry: Entry): Entry[] {
    const { layers } = entry.config;
    if (!Array.isArray(layers)) return this.#place(entry).damaged("has no list of layers");
    return layers.map((layer) => this.#entry(layer));
  }

  /** The classes of all layers, those of models inside too. */
  #types(entry: Entry): string[] {
    if (!MODELS.includes(entry.type)) return [entry.type];
    return this.#layers(entry).flatMap((layer) => this.#types(layer));
  }

  #model(entry: Entry, path: string, inputs: readonly Value[] | undefined): Value[] {
    if (entry.type === "Sequential") return [this.#sequential(entry, path, inputs)];
    return new Network(this.source, entry.config, this.#layers(entry), this.#place(entry), {
      input: (layer, i) => inputs?.[i] ?? this.#input(layer),
      apply: (layer, values) => this.#apply(layer, path, values),
    }).outputs();
  }

  #sequential(entry: Entry, path: string, inputs: readonly Value[] | undefined): Value {
    const layers = this.#layers(entry);
    const [first] = layers;
    if (first === undefined) return this.#place(entry).damaged("has no layers");
    const isModel = MODELS.includes(first.type);
    const given = inputs ?? (isModel ? undefined : [this.#input(first, entry)]);
    const start = isModel ? this.#model(first, join(path, first.name), given)[0] : (given?.[0] as Value);
    const rest = isModel || first.type === INPUT ? layers.slice(1) : layers;
    return rest.reduce((x, layer) => this.#apply(layer, path, [x])[0], start);
  }

  /** Declares an input of the network, whose shape its first layer or the model around it says. */
  #input(entry: Entry, around?: Entry): Value {
    const { config } = entry;
    const shape =
      config.batch_input_shape ??
      config.batch_shape ??
      around?.config.batch_input_shape ??
      around?.config.build_input_shape;
    const isShape =
      Array.isArray(shape) && shape.length > 0 && shape.every((d) => d === null || Number.isSafeInteger(d));
    if (!isShape) return this.#place(entry).refuse("does not say the shape of its input (batch_input_shape)");
    const dtype = config.dtype === "int32" ? "i32" : config.dtype === "bool" ? "bool" : "f32";
    return this.builder.input(
      entry.name,
      shape.map((d) => (d === null || d < 1 ? undefined : Number(d))),
      dtype,
    );
  }

  #apply(entry: Entry, around: string, values: readonly Value[]): Value[] {
    const path = join(around, entry.name);
    const results = MODELS.includes(entry.type) ? this.#model(entry, path, values) : [this.#layer(entry, path, values)];
    this.values.set(path, results[0]);
    return results;
  }

  #layer(entry: Entry, path: string, values: readonly Value[]): Value {
    if (entry.type === INPUT) return values[0];
    const place = this.#place(entry);
    if (values.length === 0) place.damaged("takes no value");
    const layer: Layer = {
      place,
      settings: new Settings(place, entry.config),
      builder: this.builder,
      path,
      weight: (name) => this.#weight(place, entry.name, name),
      parameter: (name, make) => this.builder.parameter(`${path}.${name}`, make),
    };
    return LAYER_ROWS[entry.type as keyof typeof LAYER_ROWS](layer, values[0], values);
  }

  /** Weights are named after the layer, which may stand behind the names of models around it. */
  #weight(place: Place, layer: string, field: string): Weight {
    const wanted = `${layer}/${field}`;
    const found =
      this.weights.get(wanted) ??
      unique([...this.weights].filter(([name]) => name.endsWith(`/${wanted}`))) ??
      unique([...this.weights].filter(([name]) => inside(name, layer, field)));
    return found ?? place.damaged(`has no weight ${JSON.stringify(wanted)} among those of the file`);
  }
}

const unique = (found: readonly (readonly [string, Weight])[]): Weight | undefined =>
  found.length === 1 ? found[0][1] : undefined;

/** "conv/conv_1/kernel:0" is a kernel of "conv". */
function inside(name: string, layer: string, field: string): boolean {
  const parts = name.replace(/:\d+$/, "").split("/");
  return parts.at(-1) === field && `/${parts.slice(0, -1).join("/")}/`.includes(`/${layer}/`);
}

const join = (around: string, name: string): string =>
  [...(around ? [around] : []), name.replaceAll("/", ".")].join(".");

/** How the layers of a functional model become values. */
interface Writer {
  input(layer: Entry, i: number): Value;
  apply(layer: Entry, values: readonly Value[]): Value[];
}

/** The layers of a functional model: each is called once or more, on results of others. */
class Network {
  readonly #results = new Map<string, Value[] | "under way">();
  readonly #byName: ReadonlyMap<string, Entry>;
  /** All that says which result of which call is meant. */
  readonly #all: readonly Reference[];

  constructor(
    private readonly source: Source,
    private readonly config: Json,
    layers: readonly Entry[],
    private readonly place: Place,
    private readonly writer: Writer,
  ) {
    this.#byName = new Map(layers.map((layer) => [layer.name, layer]));
    const lists = layers.flatMap(({ inbound }) => (Array.isArray(inbound) ? inbound : []));
    this.#all = [config.output_layers, ...lists].flatMap((list) => this.#references(list));
    // In the file's order, so that inputs are declared in it.
    for (const [i, [name]] of this.#references(config.input_layers).entries()) {
      this.#results.set(`${name} 0`, [this.writer.input(this.#layer(name), i)]);
    }
  }

  outputs(): Value[] {
    return this.#references(this.config.output_layers).map((reference) => this.#value(reference));
  }

  #layer(name: string): Entry {
    return this.#byName.get(name) ?? this.place.damaged(`speaks of a layer ${JSON.stringify(name)}, which it has not`);
  }

  /** Lists of [layer, call, result]; a single one may stand alone. */
  #references(value: unknown): Reference[] {
    const list = Array.isArray(value) && typeof value[0] === "string" ? [value] : value;
    if (Array.isArray(list) && list.every(isReference)) return list;
    throw new UnsupportedError(
      `${this.source.file}: ${this.place} says in another way than [layer, call, result] what its layers take: save it by TensorFlow.js or by Keras 2`,
    );
  }

  #value([name, call, result]: Reference): Value {
    const layer = this.#layer(name);
    const key = `${name} ${call}`;
    const known = this.#results.get(key);
    if (known === "under way")
      return this.place.damaged(`has the layer ${JSON.stringify(name)}, which needs its own result`);
    const values = known ?? this.#call(layer, call, key);
    return values[result] ?? this.place.damaged(`asks for result ${result} of ${JSON.stringify(name)}`);
  }

  /** Models inside count from 1, as building them was call 0; not those that Keras built when it called them. */
  #firstCall({ type, name }: Entry): number {
    const isBuilt = MODELS.includes(type) && !this.#all.some(([other, call]) => other === name && call === 0);
    return isBuilt ? 1 : 0;
  }

  #call(layer: Entry, call: number, key: string): Value[] {
    this.#results.set(key, "under way");
    const calls = Array.isArray(layer.inbound) ? layer.inbound : [];
    const inputs = calls[call - this.#firstCall(layer)];
    if (inputs === undefined) return this.place.damaged(`asks for call ${call} of ${JSON.stringify(layer.name)}`);
    const values = this.#references(inputs).map((reference) => this.#value(reference));
    const results = this.writer.apply(layer, values);
    this.#results.set(key, results);
    return results;
  }
}

type Reference = readonly [layer: string, call: number, result: number];

const isReference = (v: unknown): v is Reference =>
  Array.isArray(v) && typeof v[0] === "string" && Number.isInteger(v[1]) && Number.isInteger(v[2]);
