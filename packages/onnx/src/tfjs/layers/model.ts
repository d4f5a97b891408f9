// Layers models: from the layers of Sequential and functional models, one inside the other, to a graph.
import { FormatError } from "tidu";
import type { Builder, Value } from "../builder.js";
import { checkTypes, isObject, type Json, Place, Settings, type Source } from "../place.js";
import type { Weight } from "../weights.js";
import { type Argument, argumentsOf, type Reference, referencesOf } from "./calls.js";
import type { Layer } from "./layer.js";
import { numberOf } from "./numbered.js";
import { KERAS_ROWS } from "./operations.js";
import { OTHERS } from "./others.js";
import { WINDOWS } from "./windows.js";

export const LAYER_ROWS = { ...WINDOWS, ...OTHERS };
const ROWS = { ...LAYER_ROWS, ...KERAS_ROWS };
/** Where Keras 3 has its operations. */
const OPERATIONS = /^keras\.(src\.)?ops(\.|$)/;

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

  /** Names of the weights that layers took. */
  readonly #taken = new Set<string>();

  constructor(
    private readonly source: Source,
    private readonly weights: ReadonlyMap<string, Weight>,
    private readonly builder: Builder,
  ) {}

  /** Writes the model and returns its outputs. */
  write(topology: unknown): { readonly name: string; readonly outputs: readonly Value[] } {
    const model = isObject(topology) && isObject(topology.model_config) ? topology.model_config : topology;
    const entry = this.#entry(model);
    if (!MODELS.includes(entry.type)) this.#place(entry).refuse(`is not a model; expected one of ${MODELS.join(", ")}`);
    const known = Object.fromEntries([INPUT, ...MODELS, ...Object.keys(ROWS)].map((type) => [type, true]));
    checkTypes(this.source.file, "layer", this.#types(entry), known);
    return { name: entry.name, outputs: this.#model(entry, "", undefined) };
  }

  #entry(value: unknown): Entry {
    const { class_name: given, module, config, inbound_nodes: inbound } = isObject(value) ? value : {};
    const type = OPERATIONS.test(String(module)) ? `ops.${given}` : given;
    const settings = Array.isArray(config) ? { layers: config } : config;
    if (typeof given !== "string" || typeof type !== "string" || !isObject(settings)) {
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
      number: (value) => this.builder.number(value),
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
    if (values.length === 0) this.#place(entry).damaged("takes no value");
    const results = MODELS.includes(entry.type) ? this.#model(entry, path, values) : [this.#layer(entry, path, values)];
    this.values.set(path, results[0]);
    return results;
  }

  #layer(entry: Entry, path: string, values: readonly Value[]): Value {
    if (entry.type === INPUT) return values[0];
    const place = this.#place(entry);
    const settings = new Settings(place, entry.config);
    const layer: Layer = {
      place,
      settings,
      builder: this.builder,
      path,
      weight: (name) => this.#weight(entry, settings, name),
      parameter: (name, make) => this.builder.parameter(`${path}.${name}`, make),
    };
    const result = ROWS[entry.type as keyof typeof ROWS](layer, values[0], values);
    this.#checkTaken(place, entry.name);
    return result;
  }

  /** A weight of a layer that its settings leave out shows that they belong to another file; TensorFlow.js refuses it too. */
  #checkTaken(place: Place, layer: string): void {
    const isOwn = (name: string) => name.startsWith(`${layer}/`) && !name.slice(layer.length + 1).includes("/");
    const left = [...this.weights.keys()].find((name) => isOwn(name) && !this.#taken.has(name));
    if (left === undefined) return;
    place.damaged(
      `has the weight ${JSON.stringify(left)}, which a layer of its settings (such as use_bias) does not take; correct the settings or remove the weight`,
    );
  }

  /** Weights are named after the layer, which may stand behind the names of models around it; or they have numbers. */
  #weight(entry: Entry, settings: Settings, field: string): Weight {
    // Keras 3 has no name of its own for the kernel that is for each channel alone.
    const plain = entry.type === "DepthwiseConv2D" && field === "depthwise_kernel" ? ["kernel"] : [];
    const number = numberOf(entry.type, settings, field);
    const found = [field, ...plain, ...(number < 0 ? [] : [String(number)])]
      .map((name) => this.#named(entry.name, name))
      .find((weight) => weight !== undefined);
    const wanted = JSON.stringify(`${entry.name}/${field}`);
    return found ?? this.#place(entry).damaged(`has no weight ${wanted} among those of the file`);
  }

  #named(layer: string, field: string): Weight | undefined {
    const wanted = `${layer}/${field}`;
    this.#taken.add(wanted);
    return (
      this.weights.get(wanted) ??
      unique([...this.weights].filter(([name]) => name.endsWith(`/${wanted}`))) ??
      unique([...this.weights].filter(([name]) => inside(name, layer, field)))
    );
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
  number(value: number): Value;
  apply(layer: Entry, values: readonly Value[]): Value[];
}

/** The layers of a functional model: each is called once or more, on results of others. */
class Network {
  readonly #results = new Map<string, Value[] | "under way">();
  readonly #byName: ReadonlyMap<string, Entry>;
  /** What each layer is called with, call by call. */
  readonly #calls = new Map<string, Argument[][]>();
  /** All that says which result of which call is meant. */
  readonly #all: readonly Reference[];

  constructor(
    source: Source,
    private readonly config: Json,
    layers: readonly Entry[],
    private readonly place: Place,
    private readonly writer: Writer,
  ) {
    this.#byName = new Map(layers.map((layer) => [layer.name, layer]));
    for (const layer of layers) {
      const calls = Array.isArray(layer.inbound) ? layer.inbound : [];
      const at = new Place(source, layer.type, layer.name);
      this.#calls.set(
        layer.name,
        calls.map((call) => argumentsOf(call, isObject(call) ? at : place)),
      );
    }
    const references = [...this.#calls.values()].flat(2).filter((argument) => typeof argument !== "number");
    this.#all = [...this.#references(config.output_layers), ...references];
    // In the file's order, so that inputs are declared in it.
    for (const [i, [name]] of this.#references(config.input_layers).entries()) {
      this.#results.set(`${name} 0`, [this.writer.input(this.#layer(name), i)]);
    }
  }

  outputs(): Value[] {
    return this.#references(this.config.output_layers).map((reference) => this.#value(reference));
  }

  #layer(name: string): Entry {
    return (
      this.#byName.get(name) ?? this.place.damaged(`refers to a layer ${JSON.stringify(name)} that does not exist`)
    );
  }

  #references = (value: unknown): Reference[] => referencesOf(value, this.place);

  /** Only operations have numbers among their arguments. */
  #number(value: number, { type, name }: Entry): Value {
    if (type.startsWith("ops.")) return this.writer.number(value);
    return this.place.damaged(`passes the number ${value} to the layer ${JSON.stringify(name)}`);
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
    const given = this.#calls.get(layer.name)?.[call - this.#firstCall(layer)];
    if (given === undefined) return this.place.damaged(`asks for call ${call} of ${JSON.stringify(layer.name)}`);
    const values = given.map((one) => (typeof one === "number" ? this.#number(one, layer) : this.#value(one)));
    const results = this.writer.apply(layer, values);
    this.#results.set(key, results);
    return results;
  }
}
