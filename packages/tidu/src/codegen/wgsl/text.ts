/** Lines of WGSL as they are written, each value under a name of its own and computed once in a scope. */
export type Type = "f32" | "i32" | "bool";

/** A value of the shader: the text that stands for it, and what it is there. */
export interface Value {
  readonly text: string;
  readonly type: Type;
  /**
   * Whether it is a literal: the shader's compiler computes expressions of literals, and rejects those that overflow.
   */
  readonly literal?: boolean;
}

/** Writes the body of one function, and functions that it calls. */
export class Writer {
  readonly lines: string[] = [];
  readonly functions: string[] = [];
  #scopes: Map<string, Value>[] = [new Map()];
  #names = 0;

  /** @param title name of the function, with which those that it calls begin. */
  constructor(readonly title: string) {}

  /** Writes a function of its own, which returns a `result` if that is named, and returns its name. */
  define(parameters: string, body: (w: Writer) => void, result?: string): string {
    const name = `${this.title}_${this.functions.length}`;
    const inner = new Writer(name);
    inner.block(`fn ${name}(${parameters})${result === undefined ? "" : ` -> ${result}`}`, () => body(inner));
    this.functions.push(...inner.functions, inner.lines.join("\n"));
    return name;
  }

  line(text: string): void {
    this.lines.push(text);
  }

  name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  /**
   * Names the value of an expression; an equal expression already named in this scope, or one around it, keeps that
   * name.
   */
  keep(type: Type, text: string): Value {
    for (const scope of this.#scopes) {
      const known = scope.get(text);
      if (known !== undefined) return known;
    }
    const value: Value = { text: this.name("v"), type };
    this.line(`let ${value.text} = ${text};`);
    this.#scopes[this.#scopes.length - 1].set(text, value);
    return value;
  }

  /** Writes `head { body }`; what the body computes is forgotten after it. */
  block(head: string, body: () => void): void {
    this.line(`${head} {`);
    this.#scopes.push(new Map());
    body();
    this.#scopes.pop();
    this.line("}");
  }

  /** `for (i = start; i < end; i += step)` over i32. */
  loop(variable: string, start: string, end: string, step: string, body: () => void): void {
    this.block(`for (var ${variable} = ${start}; ${variable} < ${end}; ${variable} += ${step})`, body);
  }
}

/** `offset + sum of factor * variable` as text, with what is 0 left out. */
export function linear(offset: number, terms: readonly (readonly [factor: number, variable: string])[]): string {
  let text = "";
  for (const [factor, variable] of terms) {
    if (factor === 0) continue;
    const size = Math.abs(factor);
    const term = size === 1 ? variable : `${size}*${variable}`;
    if (text === "") text = factor < 0 ? `-${term}` : term;
    else text += factor < 0 ? ` - ${term}` : ` + ${term}`;
  }
  if (text === "") return String(offset);
  if (offset === 0) return text;
  return offset < 0 ? `${text} - ${-offset}` : `${text} + ${offset}`;
}
