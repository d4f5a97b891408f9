// The instruction set of the op table as WGSL: lanes are bits, so each instruction says as which type it reads them.
import type { Machine } from "../../graph/machine.js";
import type { Type, Value, Writer } from "./text.js";

const bits = new DataView(new ArrayBuffer(4));
const bitsOf = (value: number): number => {
  bits.setFloat32(0, value);
  return bits.getUint32(0);
};

const isZero = ({ type, text }: Value): boolean => type === "f32" && text === "0.0f";

/**
 * A private variable that is always 0, which the shader's compiler cannot know. Values combined with it stay as
 * written; otherwise compilers may reorder additions and multiplications, and may reject infinity as a literal.
 */
export const ZERO = "zero";

export class WgslMachine implements Machine<Value> {
  constructor(readonly w: Writer) {}

  f32(value: number): Value {
    const exact = Math.fround(value);
    if (!Number.isFinite(exact) || Object.is(exact, -0))
      return this.w.keep("f32", `bitcast<f32>(0x${bitsOf(exact).toString(16)}u ^ ${ZERO})`);
    const text = String(exact);
    return { text: `${/[.e]/.test(text) ? text : `${text}.0`}f`, type: "f32", literal: true };
  }

  i32(value: number): Value {
    const whole = value | 0;
    const text = whole === -(2 ** 31) ? "bitcast<i32>(0x80000000u)" : whole < 0 ? `(${whole})` : String(whole);
    return { text: `i32(${text})`, type: "i32", literal: true };
  }

  truth(value: boolean): Value {
    return { text: String(value), type: "bool", literal: true };
  }

  /** A value's bits as another type. */
  as(type: Type, v: Value): Value {
    if (v.type === type) return v;
    // The literal's bits may be those of NaN or infinity, which WGSL has no literals for.
    const { text } = v.literal && type === "f32" ? this.opaque(v) : v;
    if (type === "bool") return this.w.keep("bool", v.type === "i32" ? `${text} != 0` : `bitcast<i32>(${text}) != 0`);
    const whole = v.type === "bool" ? `select(0, -1, ${text})` : text;
    return this.w.keep(type, type === "i32" && v.type === "bool" ? whole : `bitcast<${type}>(${whole})`);
  }

  /** The same value, hidden from the shader's compiler. */
  opaque(v: Value): Value {
    return this.w.keep(v.type, `bitcast<${v.type}>(bitcast<u32>(${v.text}) ^ ${ZERO})`);
  }

  #take(type: Type, values: readonly Value[]): string[] {
    const taken = values.map((v) => this.as(type, v));
    if (type !== "bool" && taken.every((v) => v.literal)) taken[0] = this.opaque(taken[0]);
    return taken.map((v) => v.text);
  }

  #float(make: (...x: string[]) => string, ...x: Value[]): Value {
    return this.w.keep("f32", make(...this.#take("f32", x)));
  }

  /**
   * A sum, difference, product or quotient. Compilers simplify one with a literal 0, or of a value with itself, as if
   * there were no NaN, infinity or -0: 0 · NaN would be 0, and 1 / 0 whatever the driver's folding gives.
   */
  #exact(sign: string, a: Value, b: Value, alike = false): Value {
    const left = isZero(a) || (alike && a.text === b.text) ? this.opaque(a) : a;
    const right = isZero(b) ? this.opaque(b) : b;
    return this.#float((x, y) => `${x} ${sign} ${y}`, left, right);
  }

  #int(make: (...x: string[]) => string, ...x: Value[]): Value {
    return this.w.keep("i32", make(...this.#take("i32", x)));
  }

  #compare(sign: string, type: Type, ...x: Value[]): Value {
    return this.w.keep("bool", this.#take(type, x).join(` ${sign} `));
  }

  add = (a: Value, b: Value) => this.#exact("+", a, b);
  sub = (a: Value, b: Value) => this.#exact("-", a, b, true);
  mul = (a: Value, b: Value) => this.#exact("*", a, b);
  div = (a: Value, b: Value) => this.#exact("/", a, b, true);
  // Compilers make the square of a root the number itself, also where it is negative, and -x + x nothing, also for NaN.
  sqrt = (a: Value) => this.opaque(this.#float((x) => `sqrt(${x})`, a));
  neg = (a: Value) => this.opaque(this.#float((x) => `-(${x})`, a));
  abs = (a: Value) => this.#float((x) => `abs(${x})`, a);
  floor = (a: Value) => this.#float((x) => `floor(${x})`, a);
  // WGSL's min and max may give the other operand where one is NaN.
  min = (a: Value, b: Value) => this.or(this.pmin(a, b), this.isNaN(b));
  max = (a: Value, b: Value) => this.or(this.pmax(a, b), this.isNaN(b));
  pmin = (a: Value, b: Value) => this.#float((x, y) => `select(${x}, ${y}, ${y} < ${x})`, a, b);
  pmax = (a: Value, b: Value) => this.#float((x, y) => `select(${x}, ${y}, ${x} < ${y})`, a, b);
  lt = (a: Value, b: Value) => this.#compare("<", "f32", a, b);
  le = (a: Value, b: Value) => this.#compare("<=", "f32", a, b);
  eq = (a: Value, b: Value) => (a.text === b.text ? this.not(this.isNaN(a)) : this.#compare("==", "f32", a, b));
  ne = (a: Value, b: Value) => (a.text === b.text ? this.isNaN(a) : this.#compare("!=", "f32", a, b));

  /** By its bits, since compilers may assume that there is no NaN. */
  isNaN(a: Value): Value {
    const [x] = this.#take("i32", [a]);
    return this.w.keep("bool", `(${x} & 0x7fffffff) > 0x7f800000`);
  }

  iadd = (a: Value, b: Value) => this.#int((x, y) => `${x} + ${y}`, a, b);
  isub = (a: Value, b: Value) => this.#int((x, y) => `${x} - ${y}`, a, b);
  imul = (a: Value, b: Value) => this.#int((x, y) => `${x} * ${y}`, a, b);
  ilt = (a: Value, b: Value) => this.#compare("<", "i32", a, b);
  imin = (a: Value, b: Value) => this.#int((x, y) => `min(${x}, ${y})`, a, b);
  imax = (a: Value, b: Value) => this.#int((x, y) => `max(${x}, ${y})`, a, b);
  ieq = (a: Value, b: Value) => this.#compare("==", "i32", a, b);

  and(a: Value, b: Value): Value {
    if (a.type !== "bool" && b.type !== "bool") return this.#int((x, y) => `${x} & ${y}`, a, b);
    if (a.type !== "bool") return this.and(b, a);
    if (b.type === "bool") return this.w.keep("bool", `${a.text} & ${b.text}`);
    return this.w.keep(b.type, `select(${b.type === "f32" ? "0.0f" : "0"}, ${b.text}, ${a.text})`);
  }

  or(a: Value, b: Value): Value {
    if (a.type === "bool" && b.type === "bool") return this.w.keep("bool", `${a.text} | ${b.text}`);
    const result = this.#int((x, y) => `${x} | ${y}`, a, b);
    return a.type === "f32" || b.type === "f32" ? this.as("f32", result) : result;
  }

  xor(a: Value, b: Value): Value {
    if (a.type === "bool" && b.type === "bool") return this.w.keep("bool", `${a.text} != ${b.text}`);
    return this.#int((x, y) => `${x} ^ ${y}`, a, b);
  }

  not(a: Value): Value {
    return a.type === "bool" ? this.w.keep("bool", `!${a.text}`) : this.#int((x) => `~${x}`, a);
  }

  shl = (a: Value, by: number) => this.#int((x) => `${x} << ${by}u`, a);
  shrU = (a: Value, by: number) => this.#int((x) => `bitcast<i32>(bitcast<u32>(${x}) >> ${by}u)`, a);

  select(mask: Value, a: Value, b: Value): Value {
    if (mask.type !== "bool") return this.or(this.and(mask, a), this.and(this.not(mask), b));
    const type = a.type === b.type ? a.type : "i32";
    return this.w.keep(type, `select(${this.as(type, b).text}, ${this.as(type, a).text}, ${mask.text})`);
  }

  rarely(mask: Value, rare: () => Value, usual: Value): Value {
    const { w } = this;
    const name = w.name("r");
    w.line(`var ${name} = ${usual.text};`);
    w.block(`if (${this.as("bool", mask).text})`, () => w.line(`${name} = ${this.as(usual.type, rare()).text};`));
    return { text: name, type: usual.type };
  }

  toI32(a: Value): Value {
    const [x] = this.#take("f32", [a]);
    const inside = this.w.keep("i32", `i32(clamp(${x}, -2147483648.0f, 2147483520.0f))`).text;
    const high = this.w.keep("i32", `select(${inside}, 2147483647, ${x} >= 2147483648.0f)`).text;
    return this.w.keep("i32", `select(${high}, 0, ${this.isNaN(a).text})`);
  }

  toF32 = (a: Value) => this.w.keep("f32", `f32(${this.#take("i32", [a])[0]})`);
}
