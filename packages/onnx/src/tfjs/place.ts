// A place in a model.json, for errors, and its settings, which are not trusted.
import { FormatError, UnsupportedError } from "tidu";
import { show } from "tidu/internal";

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A file with the text that it holds. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** A layer or an operation of the file, as errors name it. */
export class Place {
  constructor(
    readonly source: Source,
    readonly type: string,
    readonly name: string,
  ) {}

  toString(): string {
    return `${this.type} ${JSON.stringify(this.name)}`;
  }

  /** Refuses an invalid model, with the byte at which the file first names the place. */
  damaged(problem: string): never {
    const { file, text } = this.source;
    throw new FormatError(file, Math.max(text.indexOf(JSON.stringify(this.name)), 0), `${this} ${problem}`);
  }

  /** Refuses a valid part that is not supported. */
  refuse(problem: string): never {
    throw new UnsupportedError(`${this.source.file}: ${this} ${problem}`);
  }
}

/** The settings of a layer, or the attributes of an operation in plain form. */
export class Settings {
  constructor(
    readonly place: Place,
    private readonly values: Json,
  ) {}

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  number(name: string, standard: number): number {
    return this.#read(name, standard, (v): v is number => typeof v === "number", "a number");
  }

  whole(name: string, standard: number): number {
    return this.#read(name, standard, isWhole, "a whole number");
  }

  flag(name: string, standard: boolean): boolean {
    return this.#read(name, standard, (v): v is boolean => typeof v === "boolean", "true or false");
  }

  /** One of some words; any, where none are given. */
  word<W extends string>(name: string, standard: W, words?: readonly W[]): W {
    const is = (v: unknown): v is W => typeof v === "string" && (words === undefined || words.includes(v as W));
    return this.#read(name, standard, is, words?.join(", ") ?? "a text");
  }

  /** Whole numbers, one for each axis; a single one stands for all. */
  each(name: string, count: number, standard: number | readonly number[]): readonly number[] {
    const is = (v: unknown): v is number | readonly number[] => isWhole(v) || areNumbers(v, count);
    const value = this.#read(name, standard, is, `a number or ${count}`);
    return typeof value === "number" ? new Array<number>(count).fill(value) : value;
  }

  numbers(name: string): readonly number[] {
    const is = (v: unknown): v is readonly number[] => areNumbers(v);
    return this.#read(name, undefined, is, "a list of numbers");
  }

  /** Pairs of numbers, before and after each axis; a number or one for each axis stands for both. */
  pairs(name: string, count: number, standard: number): (readonly [number, number])[] {
    const value = this.has(name) ? this.values[name] : standard;
    if (isWhole(value)) return Array.from({ length: count }, () => [value, value] as const);
    if (count === 1 && areNumbers(value, 2)) return [[value[0], value[1]]];
    const is = (v: unknown): v is readonly unknown[] => Array.isArray(v) && v.length === count;
    return this.#read(name, [], is, `${count} numbers or pairs`).map((v) => {
      if (isWhole(v)) return [v, v] as const;
      return areNumbers(v, 2) ? ([v[0], v[1]] as const) : this.#wrong(name, `${count} numbers or pairs`);
    });
  }

  /** The value as it is. */
  raw(name: string): unknown {
    return this.values[name];
  }

  #read<T>(name: string, standard: T | undefined, is: (value: unknown) => value is T, says: string): T {
    const value = this.values[name] ?? standard;
    return is(value) ? value : this.#wrong(name, says);
  }

  #wrong(name: string, says: string): never {
    return this.place.damaged(`has ${name} ${show(this.values[name])}, expected ${says}`);
  }
}

const isWhole = (v: unknown): v is number => Number.isSafeInteger(v);

const areNumbers = (v: unknown, count?: number): v is readonly number[] =>
  Array.isArray(v) && v.every(isWhole) && (count === undefined || v.length === count);

/** Refuses types that have no row, all of them at once, with how often each is there. */
export function checkTypes(file: string, what: string, types: readonly string[], rows: Json): void {
  const missing = types.filter((type) => !Object.hasOwn(rows, type));
  if (missing.length === 0) return;
  const names = [...new Set(missing)].map((type) => {
    const count = missing.filter((t) => t === type).length;
    return count === 1 ? type : `${type} (${count} times)`;
  });
  throw new UnsupportedError(
    `${file}: Tidu does not support the ${what}${names.length === 1 ? "" : "s"} ${names.join(", ")}; ` +
      "choose an output before it, or convert the model to ONNX in Python by tf2onnx (docs/models.md lists those that it supports)",
  );
}
