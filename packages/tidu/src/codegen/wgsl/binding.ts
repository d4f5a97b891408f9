// How a shader sees a buffer: as an array of its own, or as a piece of the arena, which is bits.
import type { Buffer } from "../../compile/kernel.js";

/** Type of a buffer's elements in a shader; truths and bytes are integers there. */
export const elementType = ({ dtype }: Buffer): "f32" | "i32" => (dtype === "f32" ? "f32" : "i32");

export class Binding {
  constructor(
    readonly buffer: Buffer,
    readonly name: string,
    /** The array's elements are fours. */
    readonly fours: boolean,
    /** The array is one of bits, and the buffer begins at this byte of it. */
    readonly start: number | undefined,
    /** Its bytes are written, each by another thread than its neighbors in a word. */
    readonly atomic: boolean,
  ) {}

  #at(index: string, size: number): string {
    return this.start === undefined || this.start === 0 ? index : `(${index} + ${this.start / size})`;
  }

  #word(at: string): string {
    return this.fours ? `${this.name}[${at} >> 2u][${at} & 3]` : `${this.name}[${at}]`;
  }

  /** Text of the element at an index, which is a name or stands in brackets. */
  element(index: string): string {
    if (this.buffer.dtype === "u8") {
      const at = this.#at(index, 1);
      const word = `(${at} >> 2u)`;
      const bits = this.fours ? `${this.name}[${word} >> 2u][${word} & 3]` : `${this.name}[${word}]`;
      return `i32((${this.atomic ? `atomicLoad(&${bits})` : bits} >> (u32(${at} & 3) * 8u)) & 0xffu)`;
    }
    const word = this.#word(this.#at(index, 4));
    return this.start === undefined ? word : `bitcast<${elementType(this.buffer)}>(${word})`;
  }

  /** Text of the four elements from an index on, a multiple of four. */
  four(index: string): string {
    const four = `${this.name}[${this.#at(index, 4)} >> 2u]`;
    return this.start === undefined ? four : `bitcast<vec4<f32>>(${four})`;
  }

  /** Statement that writes an element, given as text of the buffer's type in a shader. */
  assign(index: string, value: string): string {
    const bits = this.start === undefined ? value : `bitcast<u32>(${value})`;
    return `${this.#word(this.#at(index, 4))} = ${bits};`;
  }

  assignFour(index: string, value: string): string {
    const bits = this.start === undefined ? value : `bitcast<vec4<u32>>(${value})`;
    return `${this.name}[${this.#at(index, 4)} >> 2u] = ${bits};`;
  }

  /** Statements that write a byte, given as text of an i32. */
  assignByte(index: string, value: string): string[] {
    const shift = `(u32(${index} & 3) * 8u)`;
    const word = `&${this.name}[${index} >> 2u]`;
    return [`atomicAnd(${word}, ~(0xffu << ${shift}));`, `atomicOr(${word}, (u32(${value}) & 0xffu) << ${shift});`];
  }
}

export type Bindings = ReadonlyMap<Buffer, Binding>;
