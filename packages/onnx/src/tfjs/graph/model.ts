// Graph models: from TensorFlow's operations, frozen for inference, to a graph.
import { FormatError, UnsupportedError } from "tidu";
import { refuse } from "tidu/internal";
import type { Builder, Value } from "../builder.js";
import { checkTypes, isObject, type Json, Place, type Source } from "../place.js";
import type { Weight } from "../weights.js";
import { ELEMENTWISE } from "./elementwise.js";
import { MOVEMENT } from "./movement.js";
import { Operation, type Rows, sizes } from "./node.js";
import { PICKS } from "./picks.js";
import { WINDOWS } from "./windows.js";

export const OPERATION_ROWS: Rows = { ...ELEMENTWISE, ...WINDOWS, ...MOVEMENT, ...PICKS };

const CONSTANT = "Const";
const INPUT = "Placeholder";

/** An operation as the file has it; `inputs` without those that only say what comes before. */
interface Entry {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly attributes: Json;
}

/** Sizes of an output by the name under which a model gives it. */
type Signature = ReadonlyMap<string, string>;

export class GraphModel {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #values = new Map<string, readonly Value[]>();

  constructor(
    private readonly source: Source,
    private readonly weights: ReadonlyMap<string, Weight>,
    private readonly builder: Builder,
    topology: Json,
  ) {
    this.#entries = new Map((topology.node as unknown[]).map((node) => this.#entry(node)).map((e) => [e.name, e]));
  }

  /**
   * Writes everything that an output needs, and returns it. Of several outputs one must be chosen; any operation may
   * be.
   */
  write(where: string, signature: unknown, wanted: string | undefined): Value {
    const outputs = this.#outputs(signature);
    const names = [...outputs.keys()];
    if (wanted === undefined && names.length !== 1) {
      const { file } = this.source;
      throw new UnsupportedError(
        `${file}: it has ${names.length} outputs; choose one of ${names.join(", ")} as the option output`,
      );
    }
    const target = outputs.get(wanted ?? names[0]) ?? wanted ?? "";
    const [name, result] = reference(target);
    if (!this.#entries.has(name)) refuse(where, "output", wanted, `one of ${names.join(", ")}, or an operation's name`);
    const known = { ...OPERATION_ROWS, [CONSTANT]: true, [INPUT]: true };
    const types = this.#behind(name).map(({ op }) => op);
    checkTypes(this.source.file, "operation", types, known);
    const order = this.#needed(name);
    this.#declare(order);
    for (const entry of order) this.#values.set(entry.name, this.#write(entry));
    return this.#value(`${name}:${result}`);
  }

  #entry(node: unknown): Entry {
    const { name, op, input = [], attr = {} } = isObject(node) ? node : {};
    const isList = Array.isArray(input) && input.every((i) => typeof i === "string");
    if (typeof name !== "string" || typeof op !== "string" || !isList || !isObject(attr)) {
      throw new FormatError(this.source.file, 0, "it has a node without name, op or inputs");
    }
    return { name, op, inputs: input.filter((i) => !i.startsWith("^")), attributes: attr };
  }

  /** The signature's outputs, or all that nobody uses. */
  #outputs(signature: unknown): Signature {
    const declared = isObject(signature) && isObject(signature.outputs) ? Object.entries(signature.outputs) : [];
    if (declared.length > 0) {
      return new Map(
        declared.map(([key, info]) => [key, isObject(info) && typeof info.name === "string" ? info.name : key]),
      );
    }
    const used = new Set([...this.#entries.values()].flatMap(({ inputs }) => inputs.map((i) => reference(i)[0])));
    const last = [...this.#entries.keys()].filter((name) => !used.has(name));
    return new Map(last.map((name) => [name, name]));
  }

  /** The operations that a value is made from, in any order: loops go in circles. */
  #behind(name: string): Entry[] {
    const found = new Map<string, Entry>();
    const open = [name];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const entry = this.#entries.get(next);
      if (entry === undefined || found.has(next)) continue;
      found.set(next, entry);
      for (const input of entry.inputs) open.push(reference(input)[0]);
    }
    return [...found.values()].reverse();
  }

  /** The operations that a value is made from, each after what it needs. */
  #needed(name: string): Entry[] {
    const order: Entry[] = [];
    const seen = new Map<string, "open" | "done">();
    // An explicit stack, since graphs are deeper than the call stack.
    const stack: { readonly name: string; readonly isDone: boolean }[] = [{ name, isDone: false }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const entry = this.#entries.get(top.name);
      if (entry === undefined)
        throw new FormatError(this.source.file, 0, `it has no operation ${JSON.stringify(top.name)}`);
      if (top.isDone) {
        seen.set(entry.name, "done");
        order.push(entry);
        continue;
      }
      if (seen.get(entry.name) === "done") continue;
      if (seen.get(entry.name) === "open") this.#place(entry).damaged("needs its own result");
      seen.set(entry.name, "open");
      stack.push({ name: entry.name, isDone: true });
      for (const input of entry.inputs) {
        const [from] = reference(input);
        if (seen.get(from) !== "done") stack.push({ name: from, isDone: false });
      }
    }
    return order;
  }

  #place = ({ op, name }: Entry): Place => new Place(this.source, op, name);

  /** Declares the inputs that are needed, in the file's order. */
  #declare(order: readonly Entry[]): void {
    const needed = new Set(order);
    for (const entry of this.#entries.values()) {
      if (entry.op !== INPUT || !needed.has(entry)) continue;
      const { shape, dtype } = entry.attributes;
      const declared = isObject(shape) ? sizes(shape.shape) : undefined;
      const odd = declared?.find((d) => !Number.isSafeInteger(d));
      if (odd !== undefined) this.#place(entry).damaged(`has an axis of size ${odd}, expected a whole number`);
      const type = isObject(dtype) ? String(dtype.type) : "";
      const kind = ["DT_INT32", "3"].includes(type) ? "i32" : ["DT_BOOL", "10"].includes(type) ? "bool" : "f32";
      const value = this.builder.input(
        entry.name,
        declared?.map((d) => (d > 0 ? d : undefined)),
        kind,
      );
      this.#values.set(entry.name, [value]);
    }
  }

  #write(entry: Entry): readonly Value[] {
    const known = this.#values.get(entry.name);
    if (known !== undefined) return known;
    const place = this.#place(entry);
    if (entry.op === CONSTANT) return [this.#constant(entry, place)];
    const inputs = entry.inputs.map((input) => this.#value(input));
    const operation = new Operation(place, this.builder, pathOf(entry), inputs, entry.attributes);
    const result = OPERATION_ROWS[entry.op](operation, ...inputs);
    return Array.isArray(result) ? result : [result as Value];
  }

  /** Lists and larger tensors of floats may be trained; they are written when needed. */
  #constant(entry: Entry, place: Place): Value {
    const weight = this.weights.get(entry.name) ?? place.damaged("has no weight among those of the file");
    return this.builder.stored(entry.name.replaceAll("/", "."), weight);
  }

  #value(input: string): Value {
    const [name, result] = reference(input);
    const values = this.#values.get(name);
    return values?.[result] ?? new Place(this.source, "operation", name).damaged(`has no result ${result}`);
  }
}

/** "name:1" is the second result. */
function reference(input: string): [name: string, result: number] {
  const [name, result = "0"] = input.split(":");
  return [name, Number(result)];
}

/** The name of the layer that an operation becomes: "model/conv/Conv2D" is "model.conv". */
function pathOf({ name, op }: Entry): string {
  const parts = name.replace(/^StatefulPartitionedCall\//, "").split("/");
  const last = parts.at(-1)?.replace(/_\d+$/, "").toLowerCase() ?? "";
  const isType = [op.replace(/^_?Fused/, "").toLowerCase(), "depthwise"].includes(last);
  return (isType && parts.length > 1 ? parts.slice(0, -1) : parts).join(".");
}
