// How a shader sees a buffer: as an array of its own, or as a piece of the arena, which is bits.
import { byteSize, isPacked } from "../../base/dtype.js";
import type { Buffer } from "../../compile/kernel.js";

/** Type of a buffer's elements in a shader; truths, bytes and the bits of halves are integers there. */
export const elementType = ({ dtype }: Buffer): "f32" | "i32" => (dtype === "f32" ? "f32" : "i32");

export class Binding {
  constructor(
    readonly buffer: Buffer,
    readonly name: string,
    /** The array's elements are fours. */
    readonly fours: boolean,
    /** The array is one of bits, and the buffer begins at this byte of it. */
    readonly start: number | undefined,
    /** Its elements are written, and different threads write those of one word. */
    readonly atomic: boolean,
  ) {}

  #at(index: string, size: number): string {
    return this.start === undefined || this.start === 0 ? index : `(${index} + ${this.start / size})`;
  }

  #word(at: string): string {
    return this.fours ? `${this.name}[${at} >> 2u][${at} & 3]` : `${this.name}[${at}]`;
  }

  /** The word of a packed buffer, or of one that is seen as bits. */
  #bits(word: string): string {
    const bits = this.#word(word);
    return this.atomic ? `atomicLoad(&${bits})` : bits;
  }

  /** Text of the element at an index, which is a name or stands in brackets. */
  element(index: string): string {
    if (isPacked(this.buffer.dtype)) {
      const { word, shift, mask } = this.#packed(this.#at(index, byteSize(this.buffer.dtype)));
      return `i32((${this.#bits(word)} >> ${shift}) & ${mask})`;
    }
    const word = this.#word(this.#at(index, 4));
    return this.start === undefined ? word : `bitcast<${elementType(this.buffer)}>(${word})`;
  }

  /** Text of the four elements from an index on, a multiple of four. */
  four(index: string): string {
    const four = `${this.name}[${this.#at(index, 4)} >> 2u]`;
    return this.start === undefined ? four : `bitcast<vec4<f32>>(${four})`;
  }

  /** Text of the element of an f16 buffer at an index, as a shader's own f16. */
  half(index: string): string {
    const at = this.#at(index, 2);
    return `f16(unpack2x16float(${this.#bits(`(${at} >> 1u)`)})[${at} & 1])`;
  }

  /** Text of its four elements from an index on, a multiple of four. */
  fourHalves(index: string): string {
    const word = `(${this.#at(index, 2)} >> 1u)`;
    const [low, high] = [word, `(${word} + 1)`].map((at) => `unpack2x16float(${this.#bits(at)})`);
    return `vec4<f16>(vec4<f32>(${low}, ${high}))`;
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

  /** In which word an element smaller than one is, behind how many bits, and what masks it. */
  #packed(index: string): { word: string; shift: string; mask: string } {
    const bits = 8 * byteSize(this.buffer.dtype);
    const each = 32 / bits;
    return {
      word: `(${index} >> ${Math.log2(each)}u)`,
      shift: `(u32(${index} & ${each - 1}) * ${bits}u)`,
      mask: bits === 8 ? "0xffu" : "0xffffu",
    };
  }

  /** Statements that write an element smaller than a word, given as text of an i32. */
  assignPacked(index: string, value: string): string[] {
    const { word, shift, mask } = this.#packed(index);
    const place = `&${this.name}[${word}]`;
    return [
      `atomicAnd(${place}, ~(${mask} << ${shift}));`,
      `atomicOr(${place}, (u32(${value}) & ${mask}) << ${shift});`,
    ];
  }
}

export type Bindings = ReadonlyMap<Buffer, Binding>;
