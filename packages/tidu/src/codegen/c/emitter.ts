// Kernels as C: the operations of an emitter as statements over vectors of the compiler's (GCC's and Clang's vector extensions).
import type { Registers } from "../../plan/registers.js";
import { type Scratch, scratchFor } from "../../plan/scratch.js";
import {
  type Emitter,
  INT,
  type IntOp,
  type Local,
  type Small,
  type ValueType,
  VECTOR,
  type VectorOp,
} from "../emitter.js";

/** An expression on the stack, and its type. */
interface Value {
  readonly text: string;
  /** The lanes of a vector, and their type; undefined for whole numbers. */
  readonly lanes?: number;
  readonly kind?: "f" | "i";
  /** The same 32 bits in all lanes. */
  readonly bits?: number;
  /** A local variable that holds this value and is not used anywhere else yet. */
  readonly fresh?: Local;
}

/** A local variable: declared where it is set if that is done once and all uses are in the same block, else at the top. */
interface Variable {
  readonly name: string;
  type: string;
  kind?: "f" | "i";
  lanes?: number;
  sets: number;
  gets: number;
  block?: Block;
  local: boolean;
}

interface Block {
  readonly outer?: Block;
  readonly depth: number;
}

/** A statement, or what a variable is set to or, with `by`, advanced by: left out where the variable is never read. */
type Line = string | { readonly variable: Variable; readonly depth: number; readonly text: string; readonly by?: "+=" };

const FLOATS: Partial<Record<VectorOp, string>> = { add: "+", sub: "-", mul: "*", div: "/" };
const COMPARISONS: Partial<Record<VectorOp, string>> = { eq: "==", ne: "!=", lt: "<", le: "<=" };
const INTS: Partial<Record<VectorOp, string>> = {
  iadd: "+",
  isub: "-",
  ilt: "<",
  imul: "*",
  ieq: "==",
  and: "&",
  or: "|",
  xor: "^",
};
/** Functions of the prelude. */
const FUNCTIONS: Partial<Record<VectorOp, string>> = {
  sqrt: "sqrt",
  floor: "floor",
  pmin: "pmin",
  pmax: "pmax",
  madd: "fma",
};
const OPERANDS: Partial<Record<VectorOp, 1 | 3>> = {
  sqrt: 1,
  floor: 1,
  neg: 1,
  abs: 1,
  toF32: 1,
  toI32: 1,
  not: 1,
  madd: 3,
  select: 3,
};

/** Macros of the prelude for elements of one and of two bytes. */
const SMALL = { 1: "BYTE", 2: "HALF" } as const;
const SMALLS = { 1: "BYTES", 2: "HALVES" } as const;

/** Parameters of every kernel function: this thread and how many there are, memory of its own, then the buffers' addresses. */
const PARAMETERS = ["thread", "threads", "scratch"];
/** The last parameter of functions of loops: the address of the function by which threads meet. */
export const MEET = "meet";

export class CEmitter implements Emitter {
  lanes: number;
  readonly partial = true;
  readonly thread = 0;
  readonly threads = 1;
  readonly #variables: Variable[] = [];
  readonly #constants = new Map<string, Local>();
  readonly #bits = new Map<Local, Value>();
  readonly #stack: Value[] = [];
  readonly #lines: Line[] = [];
  #block: Block = { depth: 1 };

  constructor(
    readonly buffers: number,
    registers: Registers,
    /** Whether it is the function of a loop. */
    readonly loops = false,
    readonly space: Scratch = scratchFor(registers),
  ) {
    this.lanes = registers.lanes;
    for (const name of [...PARAMETERS, ...Array.from({ length: buffers }, (_, i) => `b${i}`)])
      this.#variables.push({ name, type: "I", sets: 2, gets: 1, local: false });
  }

  /** The local with the address of the n-th buffer. */
  static base = (n: number): Local => PARAMETERS.length + n;

  withLanes(lanes: number, body: () => void): void {
    const outer = this.lanes;
    this.lanes = lanes;
    body();
    this.lanes = outer;
  }

  local(type: ValueType): Local {
    const name = `${type === INT ? "i" : "v"}${this.#variables.length}`;
    return this.#variables.push({ name, type: type === INT ? "I" : "", sets: 0, gets: 0, local: true }) - 1;
  }

  scoped(body: () => void): void {
    body();
  }

  #pop(): Value {
    const value = this.#stack.pop();
    if (value === undefined) throw new Error("codegen: nothing is on the stack");
    return value;
  }

  #push(value: Value): this {
    this.#stack.push(value);
    return this;
  }

  #line(text: string): void {
    this.#lines.push("  ".repeat(this.#block.depth) + text);
  }

  get(local: Local): this {
    const bits = this.#bits.get(local);
    if (bits !== undefined) return this.#push(bits);
    const variable = this.#variables[local];
    variable.gets++;
    if (!within(this.#block, variable.block)) variable.local = false;
    const { name, lanes, kind } = variable;
    return this.#push(variable.type === "I" ? { text: name } : { text: name, lanes, kind });
  }

  set(local: Local): this {
    const variable = this.#variables[local];
    const value = this.#pop();
    if (variable.sets++ === 0) {
      variable.block = this.#block;
      if (value.lanes !== undefined) {
        variable.kind = value.kind ?? "f";
        variable.lanes = value.lanes;
        variable.type = `v${variable.kind}${value.lanes}`;
      }
    }
    const text = variable.kind === undefined ? value.text : as(value, variable.kind);
    this.#lines.push({ variable, depth: this.#block.depth, text });
    return this;
  }

  tee(local: Local): this {
    return this.set(local).get(local);
  }

  keep(type: ValueType): Local {
    const top = this.#stack[this.#stack.length - 1];
    if (top?.fresh !== undefined) return this.#pop().fresh as Local;
    const local = this.local(type);
    this.set(local);
    return local;
  }

  /** Puts a value into a variable of its own, so that it is computed here and once. */
  #fix(value: Value): Value {
    if (/^\w+$/.test(value.text) && value.bits === undefined) return value;
    this.#push(value);
    const local = this.keep(value.lanes === undefined ? INT : VECTOR);
    this.get(local);
    return { ...this.#pop(), fresh: local };
  }

  advance(pointer: Local, bytes: number): this {
    if (bytes === 0) return this;
    this.#change(pointer);
    const variable = this.#variables[pointer];
    this.#lines.push({ variable, depth: this.#block.depth, text: String(bytes), by: "+=" });
    return this;
  }

  /** Records that a local is changed by a statement of its own. */
  #change(local: Local): void {
    this.#variables[local].sets++;
  }

  i32(value: number): this {
    return this.#push({ text: value < 0 ? `(${value})` : String(value) });
  }

  op(op: IntOp): this {
    if (op === "eqz") return this.#push({ text: `(${this.#pop().text} == 0)` });
    if (op === "select") {
      const [holds, no, yes] = [this.#pop(), this.#pop(), this.#pop()];
      return this.#push({ text: `(${holds.text} ? ${yes.text} : ${no.text})` });
    }
    const [b, a] = [this.#pop().text, this.#pop().text];
    if (op === "mul" && /^\d+$/.test(a) && /^\d+$/.test(b)) return this.#push({ text: String(Number(a) * Number(b)) });
    return this.#push({ text: INT_TEXT[op](a, b) });
  }

  choose(comparison: "below" | "lt" | "ge"): this {
    const second = this.#fix(this.#pop());
    const first = this.#fix(this.#pop());
    // Compilers give notice of comparisons that never hold.
    if (comparison === "below" && second.text === "0") return this.#push({ text: "0" });
    const holds = INT_TEXT[comparison](first.text, second.text);
    return this.#push({ text: `(${holds} ? ${first.text} : ${second.text})` });
  }

  constant(bits: number): Local {
    const key = `${bits | 0}x${this.lanes}`;
    let local = this.#constants.get(key);
    if (local === undefined) {
      local = this.local(VECTOR);
      this.#constants.set(key, local);
      this.#bits.set(local, { text: "", lanes: this.lanes, bits: bits | 0 });
    }
    return local;
  }

  series(first: number, step: number): this {
    const { lanes } = this;
    const numbers = Array.from({ length: lanes }, (_, lane) => first + step * lane);
    return this.#push({ text: `(vi${lanes}){${numbers}}`, lanes, kind: "i" });
  }

  splat(): this {
    const { lanes } = this;
    const number = this.#pop().text;
    return this.#push({ text: `SI${lanes}((int32_t)(${number}))`, lanes, kind: "i" });
  }

  vector(op: VectorOp): this {
    const count = OPERANDS[op] ?? 2;
    const operands = Array.from({ length: count }, () => this.#pop()).reverse();
    const lanes = operands[0].lanes as number;
    return this.#push(this.#operation(op, lanes, operands));
  }

  #operation(op: VectorOp, lanes: number, [a, b, c]: readonly Value[]): Value {
    const f = (text: string): Value => ({ text, lanes, kind: "f" });
    const i = (text: string): Value => ({ text, lanes, kind: "i" });
    if (FLOATS[op] !== undefined) return f(`(${as(a, "f")} ${FLOATS[op]} ${as(b, "f")})`);
    if (COMPARISONS[op] !== undefined) return i(`(${as(a, "f")} ${COMPARISONS[op]} ${as(b, "f")})`);
    if (INTS[op] !== undefined) return i(`(${as(a, "i")} ${INTS[op]} ${as(b, "i")})`);
    if (FUNCTIONS[op] !== undefined) {
      const list = [a, b, c].filter((x) => x !== undefined).map((x) => as(x, "f"));
      return f(`${FUNCTIONS[op]}${lanes}(${list.join(", ")})`);
    }
    switch (op) {
      case "neg":
        return i(`(${as(a, "i")} ^ (-2147483647 - 1))`);
      case "abs":
        return i(`(${as(a, "i")} & 2147483647)`);
      case "toF32":
        return f(`__builtin_convertvector(${as(a, "i")}, vf${lanes})`);
      case "toI32":
        return i(`toi${lanes}(${as(a, "f")})`);
      case "imin":
      case "imax":
        return i(`${op}${lanes}(${as(a, "i")}, ${as(b, "i")})`);
      case "ibelow":
        return i(`((vu${lanes})${as(a, "i")} < (vu${lanes})${as(b, "i")})`);
      case "shl":
        return i(`(${as(a, "i")} << ${b.text})`);
      case "shrU":
        return i(`((vi${lanes})((vu${lanes})${as(a, "i")} >> ${b.text}))`);
      case "not":
        return i(`(~${as(a, "i")})`);
      case "select":
        return i(`pick${lanes}(${as(c, "i")}, ${as(a, "i")}, ${as(b, "i")})`);
      default:
        throw new Error(`codegen: C has no ${op}`);
    }
  }

  any(): this {
    const value = this.#pop();
    return this.#push({ text: `any${value.lanes}(${as(value, "i")})` });
  }

  extract(lane: number): this {
    const value = this.#fix(this.#pop());
    return this.#push({ text: `(I)${as(value, "i")}[${lane}]` });
  }

  replace(lane: number): this {
    const [number, vector] = [this.#pop(), this.#pop()];
    return this.#changed(
      { ...vector, text: as(vector, "i"), kind: "i", bits: undefined },
      lane,
      `(int32_t)(${number.text})`,
    );
  }

  /** A vector with one lane replaced. */
  #changed(vector: Value, lane: number, text: string): this {
    this.#push({ ...vector, fresh: undefined });
    const local = this.local(VECTOR);
    this.set(local);
    this.#change(local);
    this.#line(`${this.#variables[local].name}[${lane}] = ${text};`);
    return this.get(local);
  }

  shuffle(lanes: readonly number[]): this {
    const [b, a] = [this.#pop(), this.#pop()];
    return this.#push({
      text: `__builtin_shufflevector(${as(a, "f")}, ${as(b, "f")}, ${lanes.join(", ")})`,
      lanes: 4,
      kind: "f",
    });
  }

  /** The address on the stack, moved. */
  #address(offset: number): string {
    const { text } = this.#pop();
    return offset === 0 ? text : `${text} + ${offset}`;
  }

  /** A value from memory: read here, whatever is stored later. */
  #loaded(text: string, kind: "f" | "i"): this {
    return this.#push(this.#fix({ text, lanes: this.lanes, kind }));
  }

  load(offset = 0): this {
    return this.#loaded(`LOAD${this.lanes}(${this.#address(offset)})`, "f");
  }
  loadQuads(offsets: readonly number[], one: boolean): this {
    const { lanes } = this;
    const at = this.#pop().text;
    const same = offsets.every((o) => o === offsets[0]);
    const list = (same ? offsets.slice(0, 1) : offsets).map((o) => (o === 0 ? at : `${at} + ${o}`));
    if (one) {
      const numbers = offsets.map((_, i) => `NUMBER(${list[same ? 0 : i]})${", 0".repeat(3)}`);
      return this.#loaded(`(vf${lanes}){${numbers.join(", ")}}`, "f");
    }
    if (lanes === 4) return this.#loaded(`LOAD4(${list[0]})`, "f");
    return this.#loaded(`${same ? "spreadquad" : "quads"}${lanes}(${list.join(", ")})`, "f");
  }
  loadEvens(offset: number, count: number): this {
    const { lanes } = this;
    const at = this.#pop().text;
    const part = (place: number) => `LOAD${lanes}(${at} + ${place})`;
    const half = lanes / 2;
    const picked = Array.from({ length: lanes }, (_, i) => (i < half ? 2 * i : 2 * i + 1));
    // The second vector begins with the first one's last element; few elements lie in the first one.
    const second = count <= half ? part(offset) : part(offset + 4 * (lanes - 1));
    return this.#loaded(`__builtin_shufflevector(${part(offset)}, ${second}, ${picked.join(", ")})`, "f");
  }
  quad(n: number): this {
    const value = this.#pop();
    if (value.lanes === 4) return this.#push(value);
    return this.#push({ text: `quad${value.lanes}(${as(value, "f")}, ${n})`, lanes: 4, kind: "f" });
  }
  loadSplat(offset = 0): this {
    return this.#loaded(`SPREAD${this.lanes}(${this.#address(offset)})`, "f");
  }
  loadFirst(offset = 0): this {
    return this.#loaded(`(vf${this.lanes}){NUMBER(${this.#address(offset)})}`, "f");
  }
  loadLane(lane: number, offset = 0): this {
    const vector = this.#pop();
    const text = `NUMBER(${this.#address(offset)})`;
    return this.#changed({ ...vector, text: as(vector, "f"), kind: "f", bits: undefined }, lane, text);
  }
  loadApart(offsets: readonly number[]): this {
    const at = this.#pop().text;
    const numbers = offsets.map((o) => `NUMBER(${o === 0 ? at : `${at} + ${o}`})`);
    return this.#loaded(`(vf${this.lanes}){${numbers.join(", ")}}`, "f");
  }
  loadSmall(bytes: Small, offset = 0): this {
    return this.#push(this.#fix({ text: `(I)${SMALL[bytes]}(${this.#address(offset)})` }));
  }
  loadSmalls(bytes: Small, offset = 0): this {
    return this.#loaded(`${SMALLS[bytes]}${this.lanes}(${this.#address(offset)})`, "i");
  }
  loadHalfQuads(offsets: readonly number[], one: boolean): this {
    const { lanes } = this;
    const at = this.#pop().text;
    const list = offsets.map((o) => (o === 0 ? at : `${at} + ${o}`));
    if (one) {
      const numbers = list.map((place) => `HALF(${place})${", 0".repeat(3)}`);
      return this.#loaded(`(vi${lanes}){${numbers.join(", ")}}`, "i");
    }
    return this.#loaded(lanes === 4 ? `HALVES4(${list[0]})` : `halfquads${lanes}(${list.join(", ")})`, "i");
  }
  store(offset = 0): this {
    const value = this.#pop();
    this.#line(`STORE${value.lanes}(${this.#address(offset)}, ${as(value, "f")});`);
    return this;
  }
  storeLane(lane: number, offset = 0): this {
    const value = this.#fix(this.#pop());
    this.#line(`NUMBER(${this.#address(offset)}) = ${as(value, "f")}[${lane}];`);
    return this;
  }
  storeSmall(bytes: Small, lane: number, offset = 0): this {
    const value = this.#fix(this.#pop());
    this.#line(`${SMALL[bytes]}(${this.#address(offset)}) = (uint${8 * bytes}_t)${as(value, "i")}[${lane}];`);
    return this;
  }
  storeSmalls(bytes: Small, offset = 0): this {
    const value = this.#pop();
    this.#line(`STORE${SMALLS[bytes]}${value.lanes}(${this.#address(offset)}, ${as(value, "i")});`);
    return this;
  }
  storePart(address: Local, value: Local, count: number, offset: number): this {
    this.get(value);
    const part = this.#fix(this.#pop());
    this.get(address);
    this.#line(`part${part.lanes}(${this.#address(offset)}, ${as(part, "f")}, ${count});`);
    return this;
  }

  clearWide(address: Local, offset: number): void {
    this.get(address);
    this.#line(`WIDE${this.lanes}(${this.#address(offset)}) = (vd${this.lanes}){0};`);
  }
  addWide(address: Local, value: Local, offset: number): void {
    this.get(value);
    const { text, lanes } = this.#pop();
    this.get(address);
    this.#line(`WIDE${lanes}(${this.#address(offset)}) += __builtin_convertvector(${text}, vd${lanes});`);
  }
  takeWide(address: Local, value: Local, offset: number): void {
    const { lanes } = this;
    this.get(address);
    const text = `__builtin_convertvector(WIDE${lanes}(${this.#address(offset)}), vf${lanes})`;
    this.#push({ text, lanes, kind: "f" }).set(value);
  }

  #inBlock(body: () => void): void {
    const outer = this.#block;
    this.#block = { outer, depth: outer.depth + 1 };
    body();
    this.#block = outer;
  }

  loop(body: () => void): this {
    this.#line("for (;;) {");
    this.#inBlock(() => {
      body();
      this.#line(`if (!(${this.#pop().text})) break;`);
    });
    this.#line("}");
    return this;
  }

  if(yes: () => void, no?: () => void): this {
    this.#line(`if (${bare(this.#pop().text)}) {`);
    this.#inBlock(yes);
    if (no !== undefined) {
      this.#line("} else {");
      this.#inBlock(no);
    }
    this.#line("}");
    return this;
  }

  kernel(number: number, addresses: readonly Local[], loops: boolean): void {
    const given = addresses.map((local) => this.get(local).#pop().text);
    const meets = loops ? [MEET] : [];
    this.#line(`kernel${number}(${[...PARAMETERS, ...given, ...meets].join(", ")});`);
  }

  meet(): void {
    this.#line(`((void (*)(I))${MEET})(threads);`);
  }

  scratch(): this {
    return this.get(PARAMETERS.indexOf("scratch"));
  }

  /**
   * How often each local is read; 0 for locals that are only used to compute locals that are never read, so they need
   * not be computed.
   */
  #uses(): Map<string, number> {
    const uses = new Map(this.#variables.map(({ name }) => [name, 0]));
    const count = (text: string, by: number): void => {
      for (const name of text.match(NAME) ?? []) uses.set(name, (uses.get(name) ?? 0) + by);
    };
    count(this.#lines.map((line) => (typeof line === "string" ? line : line.text)).join("\n"), 1);
    for (let i = this.#lines.length - 1; i >= 0; i--) {
      const line = this.#lines[i];
      if (typeof line !== "string" && uses.get(line.variable.name) === 0) count(line.text, -1);
    }
    return uses;
  }

  /** The whole function. */
  finish(head: string): string {
    const own = this.#variables.slice(0, PARAMETERS.length + this.buffers).map(({ name }) => `I ${name}`);
    const parameters = this.loops ? [...own, `I ${MEET}`] : own;
    const uses = this.#uses();
    const byType = new Map<string, string[]>();
    for (const { name, type, sets, local } of this.#variables.slice(own.length)) {
      if (sets === 0 || uses.get(name) === 0 || (local && sets === 1)) continue;
      const names = byType.get(type);
      if (names === undefined) byType.set(type, [name]);
      else names.push(name);
    }
    const declared = [...byType].map(([type, names]) => `  ${type} ${names.join(", ")};`);
    const kept = this.#lines.filter((line) => typeof line === "string" || uses.get(line.variable.name) !== 0);
    const body = kept.map((line) => {
      if (typeof line === "string") return line;
      const { variable, depth, text, by = "=" } = line;
      const declares = variable.local && variable.sets === 1 ? `const ${variable.type} ` : "";
      return `${"  ".repeat(depth)}${declares}${variable.name} ${by} ${text};`;
    });
    const unused = `  (void)thread, (void)threads, (void)scratch${this.loops ? `, (void)${MEET}` : ""};`;
    return `${head}(${parameters.join(", ")}) {\n${[unused, ...declared, ...body].join("\n")}\n}\n`;
  }
}

const INT_TEXT: Readonly<Record<Exclude<IntOp, "eqz" | "select">, (a: string, b: string) => string>> = {
  add: (a, b) => `(${a} + ${b})`,
  sub: (a, b) => `(${a} - ${b})`,
  mul: (a, b) => `(${a} * ${b})`,
  div: (a, b) => `(I)((U)${a} / (U)${b})`,
  rem: (a, b) => `(I)((U)${a} % (U)${b})`,
  and: (a, b) => `(${a} & ${b})`,
  eq: (a, b) => `(${a} == ${b})`,
  ne: (a, b) => `(${a} != ${b})`,
  lt: (a, b) => `(${a} < ${b})`,
  ge: (a, b) => `(${a} >= ${b})`,
  below: (a, b) => `((U)${a} < (U)${b})`,
};

/** A local's name, in a text. */
const NAME = /\b[iv]\d+\b/g;

/** A condition without the brackets around it. */
function bare(text: string): string {
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")") depth--;
    if (depth === 0) return text;
  }
  return text.startsWith("(") ? text.slice(1, -1) : text;
}

/** Whether a block is another one or lies in it. */
function within(block: Block, other: Block | undefined): boolean {
  for (let b: Block | undefined = block; b !== undefined; b = b.outer) if (b === other) return true;
  return false;
}

/** A vector as numbers or as bits. */
function as({ text, lanes, kind, bits }: Value, wanted: "f" | "i"): string {
  if (bits !== undefined) return wanted === "i" ? `SI${lanes}(${integer(bits)})` : float(bits, lanes as number);
  return kind === wanted ? text : `((v${wanted}${lanes})${text})`;
}

const integer = (bits: number): string => (bits === -(2 ** 31) ? "(-2147483647 - 1)" : String(bits));

const floatBits = new Int32Array(1);
const floatValue = new Float32Array(floatBits.buffer);

/** A float32 in all lanes, from its bits: as a decimal that is read as exactly that, where there is one. */
function float(bits: number, lanes: number): string {
  floatBits[0] = bits;
  const [value] = floatValue;
  if (!Number.isFinite(value)) return `(vf${lanes})SI${lanes}(${integer(bits)})`;
  const text = Object.is(value, -0) ? "-0" : String(Number(value.toPrecision(9)));
  return `SF${lanes}(${/[.e]/.test(text) ? text : `${text}.0`}f)`;
}
