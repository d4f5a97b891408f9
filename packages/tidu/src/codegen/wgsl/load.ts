// How a workgroup copies a tile of one operand to its memory: each thread copies the same places of every tile.
import type { Affine, Operand } from "../../compile/kernel.js";
import { WIDEN } from "../../graph/ops/index.js";
import type { Axis } from "../../plan/axes.js";
import { digits, pointsOf } from "./axes.js";
import type { Binding } from "./binding.js";
import { WgslMachine } from "./lanes.js";
import { linear, type Writer } from "./text.js";

/** What a loader needs to know of the tile. */
export interface Side {
  readonly operand: Operand;
  /** The loops of this side of the product, those summed over, and those that every product has its own step of. */
  readonly axes: readonly Axis[];
  readonly inner: readonly Axis[];
  readonly batch: readonly Axis[];
  /** Places of the tile along the side, and steps of the sum. */
  readonly width: number;
  readonly depth: number;
  /** Type of the tile's elements. */
  readonly type: "f32" | "f16";
}

const last = (axes: readonly Axis[]): Axis | undefined => axes.at(-1);

/** Whether four neighbors along an axis can always be read at once. */
export function readsFours(index: Affine, along: Axis | undefined, all: readonly Axis[]): boolean {
  if (along === undefined || index.coef[along.axis] !== 1 || along.size % 4 !== 0 || index.offset % 4 !== 0)
    return false;
  return all.every((a) => a === along || index.coef[a.axis] % 4 === 0);
}

/** Text of the number at an index, which a half stands for. */
export function numberAt(w: Writer, binding: Binding, at: string): string {
  const widen = WIDEN[binding.buffer.dtype];
  if (widen === undefined) return binding.element(at);
  const m = new WgslMachine(w);
  return m.as("f32", widen.lower(m, w.keep("i32", binding.element(at)))).text;
}

export class Loader {
  /** Neighboring threads read along the side, or along the sum. */
  readonly alongSide: boolean;
  readonly fours: boolean;
  /** Elements, or fours, that a thread brings each time. */
  readonly each: number;
  readonly #units: number;
  readonly #nearSide: number;
  readonly #nearInner: number;

  constructor(
    readonly side: Side,
    readonly threads: number,
    /** Prefix of its names, and where in the workgroup's memory its tile begins, in fours. */
    readonly name: string,
    readonly start: number,
  ) {
    const { operand, axes, inner, batch, width, depth } = side;
    const { coef } = operand.index;
    const unit = (a: Axis | undefined): boolean => a !== undefined && Math.abs(coef[a.axis]) === 1;
    this.alongSide = unit(last(axes)) || !unit(last(inner));
    const along = this.alongSide ? last(axes) : last(inner);
    const whole = operand.buffer.dtype === "f32" || operand.buffer.dtype === side.type;
    this.fours = whole && readsFours(operand.index, along, [...axes, ...inner, ...batch]);
    const step = this.fours ? 4 : 1;
    this.#nearSide = width / (this.alongSide ? step : 1);
    this.#nearInner = depth / (this.alongSide ? 1 : step);
    this.#units = this.#nearSide * this.#nearInner;
    this.each = Math.ceil(this.#units / threads);
  }

  /** The array in the workgroup's memory that its tile lies in. */
  get array(): "tile" | "halves" {
    return this.side.type === "f32" ? "tile" : "halves";
  }
  /** Fours from one step of the sum to the next: one more than the width, so that columns lie in different banks. */
  get pitch(): number {
    return this.side.width / 4 + 1;
  }
  get words(): number {
    return this.pitch * this.side.depth;
  }
  get #few(): boolean {
    return this.#units < this.threads;
  }

  #offset(axes: readonly Axis[], w: Writer, number: string): string {
    const { coef } = this.side.operand.index;
    const texts = digits(w, axes, number);
    return linear(
      0,
      axes.map((a, i) => [coef[a.axis], texts[i]] as const),
    );
  }

  /**
   * Before the loop over the sum: computes which places this thread copies; `from` is the tile's first place along the
   * side.
   */
  begin(w: Writer, from: string, batch: string): void {
    const { name } = this;
    const { operand, axes, width } = this.side;
    const size = pointsOf(axes);
    const step = this.fours ? 4 : 1;
    const near = this.alongSide ? this.#nearSide : this.#nearInner;
    w.line(`let ${name}near = (lane % ${near})${this.fours ? " * 4" : ""};`);
    w.line(`let ${name}far = lane / ${near};`);
    const base = linear(operand.index.offset, [[1, `(${this.#offset(this.side.batch, w, batch)})`]]);
    w.line(`let ${name}base = ${base};`);
    const whole = size % width === 0;
    const place = (text: string): string =>
      axes.length === 0
        ? "0"
        : whole
          ? `${from} + ${text}`
          : `min(${from} + ${text}, ${size - (this.alongSide ? step : 1)})`;
    for (let j = 0; j < (this.alongSide ? 1 : this.each); j++) {
      const at = w.keep("i32", place(this.alongSide ? `${name}near` : this.#far(j))).text;
      w.line(`let ${name}side${j} = ${name}base + ${axes.length === 0 ? "0" : this.#offset(axes, w, at)};`);
    }
    for (let j = 0; j < this.each; j++) w.line(`var ${name}${j}: ${this.#type};`);
  }

  /** Type of what a thread brings each time. */
  get #type(): string {
    const { type } = this.side;
    return this.fours ? `vec4<${type}>` : type;
  }

  /** Text of what lies at an index. */
  #read(w: Writer, binding: Binding, at: string): string {
    const { type } = this.side;
    if (type === "f16" && binding.buffer.dtype === "f16") return this.fours ? binding.fourHalves(at) : binding.half(at);
    const read = this.fours ? binding.four(at) : numberAt(w, binding, at);
    return type === "f32" ? read : `${this.#type}(${read})`;
  }

  #far(j: number): string {
    const near = this.alongSide ? this.#nearSide : this.#nearInner;
    return j === 0 ? `${this.name}far` : `${this.name}far + ${j * (this.threads / near)}`;
  }

  /** Reads this thread's part of the tile for the steps from `k0` on. */
  fetch(w: Writer, k0: string, binding: Binding): void {
    const { name } = this;
    const { operand, inner, depth } = this.side;
    const total = pointsOf(inner);
    const near = last(inner);
    // Where the tile's steps never wrap around the innermost loop, they lie one step apart.
    const straight = near !== undefined && near.size % depth === 0;
    const uniform = straight ? this.#offset(inner, w, k0) : "";
    const element = (j: number): void => {
      const step = this.alongSide ? this.#far(j) : `${name}near`;
      let along: string;
      let inside: string | undefined;
      if (near === undefined) {
        along = "0";
        inside = `${step} == 0`;
      } else if (straight) {
        along = `${uniform} + ${linear(0, [[operand.index.coef[near.axis], `(${step})`]])}`;
      } else {
        const k = w.keep("i32", `${k0} + ${step}`).text;
        const ragged = total % depth !== 0;
        if (ragged) inside = `${k} < ${total}`;
        const safe = ragged ? w.keep("i32", `min(${k}, ${total - (this.fours && !this.alongSide ? 4 : 1)})`).text : k;
        along = this.#offset(inner, w, safe);
      }
      const at = `(${name}side${this.alongSide ? 0 : j} + ${along})`;
      const read = this.#read(w, binding, at);
      w.line(`${name}${j} = ${inside === undefined ? read : `select(${this.#type}(), ${read}, ${inside})`};`);
    };
    const all = (): void => {
      for (let j = 0; j < this.each; j++) element(j);
    };
    if (this.#few) w.block(`if (lane < ${this.#units})`, all);
    else all();
  }

  /** Stores what was read in the workgroup's memory. */
  put(w: Writer): void {
    const { name, start, pitch } = this;
    const at = (k: string, s: string): string => `${this.array}[${start} + (${k}) * ${pitch} + ((${s}) >> 2u)]`;
    const element = (j: number): void => {
      const [k, s] = this.alongSide ? [this.#far(j), `${name}near`] : [`${name}near`, this.#far(j)];
      const value = `${name}${j}`;
      if (this.fours && this.alongSide) w.line(`${at(k, s)} = ${value};`);
      else if (!this.fours) w.line(`${at(k, s)}[(${s}) & 3] = ${value};`);
      else for (let c = 0; c < 4; c++) w.line(`${at(`${k} + ${c}`, s)}[(${s}) & 3] = ${value}[${c}];`);
    };
    const all = (): void => {
      for (let j = 0; j < this.each; j++) element(j);
    };
    if (this.#few) w.block(`if (lane < ${this.#units})`, all);
    else all();
  }
}
