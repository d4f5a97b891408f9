// Code that computes the expressions of a kernel, each value once.
import { byteSize, type DType } from "../base/dtype.js";
import { halfBits, isHalf } from "../base/half.js";
import {
  type Affine,
  type Buffer,
  CORE,
  dependence,
  type Expr,
  type Guard,
  type Row,
  type Store,
} from "../compile/kernel.js";
import type { Machine } from "../graph/machine.js";
import { sumOfAny } from "../graph/math/sums.js";
import type { ElementwiseOp } from "../graph/node.js";
import { bitsOf, type Emitter, INT, type Small, VECTOR } from "./emitter.js";
import { laneMachine } from "./lanes.js";

/** Where in the loops code is being written. */
export interface Place {
  /** The axis that lanes run along, or -1. */
  readonly vectorAxis: number;
  /** How many lanes of a vector count: the first ones stand for neighbors along the vector axis. */
  readonly width: number;
  /** Constant added to each axis's variable (the position within an unrolled tile); missing means 0. */
  readonly shift?: readonly number[];
}

/** In place of an axis's variable: the axis has one step, or its steps are written out, each with its place's shift. */
export const NO_LOOP = -1;
export const WRITTEN_OUT = -2;

/** An expression or store that reads or writes an element of a buffer. */
type Access = Extract<Expr, { kind: "load" | "gather" }> | Store;

/** A set of loops, one bit each, and whether the kernel's reduction or contraction is in it, too. */
export type Mask = number;
/** All loops and the core. */
const ALL: Mask = -1;
/** Loops from this one on share a bit. Since its loops are then taken for later ones, nothing is computed too early. */
const LAST_BIT = 29;

/**
 * Writes code that computes expressions. Each value is computed once in a scope and kept in a local; entering a loop
 * opens a scope, so what was computed outside is reused inside, and what was computed inside is forgotten after it.
 */
export class Evaluator {
  readonly machine: Machine<number>;
  readonly #depends = new Map<Expr, Mask>();
  /** Each axis's bit; 0 for axes of one step. */
  readonly #bits: readonly Mask[];
  /** Locals of computed values, by a text that identifies the value; those of addresses also by their access. */
  readonly #known = new Map<string | Access, number>();
  /** What was kept in all open scopes, in order, and the local that it hides until its scope ends. */
  readonly #kept: { readonly key: string | Access; readonly hidden: number | undefined }[] = [];
  readonly #ids = new Map<object, number>();

  constructor(
    readonly f: Emitter,
    /** Local that holds each axis's loop variable; NO_LOOP for axes of one step, WRITTEN_OUT for those moved by shifts. */
    readonly variables: readonly number[],
    /** Local that holds each buffer's address. */
    readonly bases: ReadonlyMap<Buffer, number>,
  ) {
    this.machine = laneMachine(f);
    let loops = 0;
    this.#bits = variables.map((variable) => (variable === NO_LOOP ? 0 : 1 << Math.min(loops++, LAST_BIT)));
  }

  /** The set of these axes' loops. */
  loops(axes: readonly number[]): Mask {
    let mask = 0;
    for (const axis of axes) mask |= this.#bits[axis];
    return mask & ~(1 << LAST_BIT);
  }

  #loopsOf = ({ coef }: Affine): Mask => {
    let mask = 0;
    for (let i = 0; i < coef.length; i++) if (coef[i] !== 0) mask |= this.#bits[i];
    return mask;
  };

  scope(body: () => void): void {
    const before = this.#kept.length;
    this.f.scoped(body);
    for (const { key, hidden } of this.#kept.splice(before).reverse()) {
      if (hidden === undefined) this.#known.delete(key);
      else this.#known.set(key, hidden);
    }
  }

  #remember(key: string | Access, make: () => number): number {
    return this.#known.get(key) ?? this.#keep(key, make());
  }

  #keep(key: string | Access, local: number): number {
    this.#kept.push({ key, hidden: this.#known.get(key) });
    this.#known.set(key, local);
    return local;
  }

  #id(thing: object): number {
    let id = this.#ids.get(thing);
    if (id === undefined) this.#ids.set(thing, (id = this.#ids.size));
    return id;
  }

  /** Gives the expression "core" its value. */
  setCore(local: number, place: Place): void {
    this.#keep(this.#key({ kind: "core" }, place), local);
  }

  base(buffer: Buffer): number {
    return this.bases.get(buffer) as number;
  }

  /** The loops (and core) that an expression depends on. */
  dependsOn(expr: Expr): Mask {
    return dependence(expr, this.#loopsOf, this.#depends);
  }

  /** Computes now those expressions that depend on none but the given loops, so that inner ones find it done. */
  hoist(all: readonly Expr[], ready: Mask, place: Place): void {
    for (const e of all) {
      if ((this.dependsOn(e) & ~ready) !== 0 || e.kind === "const") continue;
      this.value(e, place);
    }
  }

  /** Adds up the parts of an address that depend on none but the given loops. */
  hoistAddress(buffer: Buffer, index: Affine, ready: Mask): void {
    this.#partialAddress(buffer, index, ready);
  }

  #key(expr: Expr, place: Place): string {
    if (expr.kind === "core") return `core${this.#shiftKey(ALL, place)}`;
    return `${this.#id(expr)}${this.#shiftKey(this.#variesWith(expr), place)}`;
  }

  /** What a value differs with. One that depends on the core differs with all loops: each of their steps has its own. */
  #variesWith(expr: Expr): Mask {
    const own = this.dependsOn(expr);
    return (own & CORE) === 0 ? own : ALL;
  }

  #shiftKey(mask: Mask, { shift, width, vectorAxis }: Place): string {
    let key = this.#along(mask, vectorAxis) ? `w${width}` : "";
    for (let i = 0; shift !== undefined && mask !== 0 && i < shift.length; i++)
      if (shift[i] !== 0 && (mask & this.#bits[i]) !== 0) key += `@${i}+${shift[i]}`;
    return key;
  }

  #along = (mask: Mask, axis: number): boolean => axis >= 0 && (mask & this.#bits[axis]) !== 0;

  /** The local that holds an expression's value at a place. */
  value(expr: Expr, place: Place): number {
    if (expr.kind === "const") return this.f.constant(constantBits(expr));
    return this.#remember(this.#key(expr, place), () => this.#compute(expr, place));
  }

  #compute(expr: Expr, place: Place): number {
    const m = this.machine;
    switch (expr.kind) {
      case "load":
        return this.#load(expr, place);
      case "gather":
        return this.#gather(expr, place);
      case "index":
        return this.#index(expr.index, place);
      case "guarded":
        return m.and(this.value(expr.body, place), this.#mask(expr.guards, place));
      case "apply":
        return this.#apply(
          expr.op,
          expr.args.map((a) => this.value(a, place)),
        );
      case "combine":
        return expr.args.map((a) => this.value(a, place)).reduce((a, b) => expr.op.combine(m, a, b));
      default:
        throw new Error(`codegen: ${expr.kind} has no value here`);
    }
  }

  /** An op's value; the other results of the same computation are kept for the ops that ask for them. */
  #apply(op: ElementwiseOp, args: readonly number[]): number {
    const { part } = op;
    if (part === undefined) return op.lower(this.machine, ...args);
    const key = (which: number) => `part${which}of${this.#id(part.all)}(${args})`;
    const known = this.#known.get(key(part.which));
    if (known !== undefined) return known;
    const values = part.all(this.machine, ...args);
    values.forEach((value, i) => void this.#keep(key(i), value));
    return values[part.which];
  }

  /** The integer value of an affine index as a scalar local. */
  scalar(index: Affine, place: Place): number {
    const constant = this.#constantPart(index, place);
    return this.#remember(`scalar${constant}:${index.coef}`, () => {
      const { f } = this;
      f.i32(constant);
      index.coef.forEach((c, axis) => {
        if (c !== 0 && this.variables[axis] >= 0) this.#addScaled(c, axis);
      });
      return f.keep(INT);
    });
  }

  #constantPart(index: Affine, { shift }: Place): number {
    let sum = index.offset;
    for (let i = 0; shift !== undefined && i < index.coef.length; i++) sum += index.coef[i] * (shift[i] ?? 0);
    return sum;
  }

  /** A local that is 1 where all guards hold and else 0. */
  #condition(guards: readonly Guard[], place: Place): number {
    const key = `holds${guards.map((g) => `${this.#constantPart(g.index, place)}:${g.index.coef}<${g.size}`)}`;
    return this.#remember(key, () => {
      const locals = guards.map((g) => ({ at: this.scalar(g.index, place), size: g.size }));
      locals.forEach(({ at, size }, i) => {
        this.f.get(at).i32(size).op("below");
        if (i > 0) this.f.op("and");
      });
      return this.f.keep(INT);
    });
  }

  /** All ones in the lanes where all guards hold. */
  #mask(guards: readonly Guard[], place: Place): number {
    const { f } = this;
    if (varies(guards, place)) {
      guards.forEach(({ index, size }, i) => {
        f.get(this.#index(index, place)).get(f.constant(size)).vector("ibelow");
        if (i > 0) f.vector("and");
      });
      return f.keep(VECTOR);
    }
    const holds = this.#condition(guards, place);
    return this.#remember(`mask${holds}`, () => this.f.i32(0).get(holds).op("sub").splat().keep(VECTOR));
  }

  /** Base + the terms of the given loops, in bytes; without the constant part. */
  #partialAddress(buffer: Buffer, { coef }: Affine, ready: Mask): number {
    const size = byteSize(buffer.dtype);
    let local = this.base(buffer);
    let key = `address${this.#id(buffer)}`;
    for (let axis = 0; axis < coef.length; axis++) {
      if (coef[axis] === 0 || this.variables[axis] < 0 || (ready & this.#bits[axis]) === 0) continue;
      const [before, factor] = [local, coef[axis] * size];
      key += `+${factor}*${axis}`;
      local = this.#remember(key, () => {
        this.f.get(before);
        this.#addScaled(factor, axis);
        return this.f.keep(INT);
      });
    }
    return local;
  }

  /** Adds factor * variable; the product is shared by all addresses that need it. */
  #addScaled(factor: number, axis: number): void {
    const { f } = this;
    const variable = this.variables[axis];
    const scaled = (): number => f.get(variable).i32(factor).op("mul").keep(INT);
    f.get(factor === 1 ? variable : this.#remember(`scaled${factor}*${axis}`, scaled)).op("add");
  }

  /** Pushes nothing; returns a local with an address and the constant to put into the instruction. */
  #address(access: Access, place: Place): { local: number; offset: number } {
    const { buffer, index, guards } = access;
    let local = this.#remember(access, () => this.#partialAddress(buffer, index, ALL));
    let offset = this.#constantPart(index, place) * byteSize(buffer.dtype);
    // An instruction's own offset is added without wrapping, so what it is added to must not be below the buffer.
    if (offset < 0 || (offset > 0 && index.coef.some((c) => c < 0))) {
      const [before, start] = [local, offset];
      local = this.#remember(`sum${before}+${start}`, () => this.f.get(before).i32(start).op("add").keep(INT));
      offset = 0;
    }
    if (guards.length > 0) {
      // Where guards do not hold, the address may lie outside the buffer, even outside memory; the first element is
      // read instead.
      const holds = this.#condition(guards, place);
      const before = local;
      const base = this.base(buffer);
      local = this.#remember(`safe${before}+${offset}?${holds}`, () => {
        this.f.get(before);
        if (offset > 0) this.f.i32(offset).op("add");
        return this.f.get(base).get(holds).op("select").keep(INT);
      });
      return { local, offset: 0 };
    }
    return { local, offset };
  }

  #load(expr: Extract<Expr, { kind: "load" }>, place: Place): number {
    const { buffer, index, guards } = expr;
    const step = stepOf(index, place);
    if (apart(guards, step, place)) return this.#laneByLane(expr, place);
    const { local, offset } = this.#address(expr, place);
    return this.loadLanes(buffer, local, offset, step, place.width);
  }

  /** A value whose lanes need separate guards or addresses. */
  #laneByLane(expr: Expr, place: Place): number {
    const { f } = this;
    let result = f.constant(0);
    for (let lane = 0; lane < place.width; lane++) {
      const shift = this.variables.map(
        (_, axis) => (place.shift?.[axis] ?? 0) + (axis === place.vectorAxis ? lane : 0),
      );
      const value = this.value(expr, { vectorAxis: -1, width: 1, shift });
      f.get(result).get(value).extract(0).replace(lane);
      result = f.keep(VECTOR);
    }
    return result;
  }

  /** As many elements as count, `step` apart, widened to lanes. */
  loadLanes(buffer: Buffer, address: number, offset: number, step: number, width: number): number {
    const { f } = this;
    const size = byteSize(buffer.dtype);
    const small = isSmall(size);
    const one = step === 0 || width === 1;
    if (!one && step !== 1) return this.#loadApart(address, offset, step, size, width);
    f.get(address);
    if (!small) step === 0 ? f.loadSplat(offset) : one ? f.loadFirst(offset) : f.load(offset);
    else if (one) f.loadSmall(size, offset).splat();
    else f.loadSmalls(size, offset);
    return f.keep(VECTOR);
  }

  #loadApart(address: number, offset: number, step: number, size: number, width: number): number {
    const { f } = this;
    const offsets = Array.from({ length: width }, (_, lane) => offset + lane * step * size);
    if (!isSmall(size)) return f.get(address).loadApart(offsets).keep(VECTOR);
    return offsets.reduce((result, o, lane) => this.#loadLane(address, o, size, lane, result), f.constant(0));
  }

  /** The element at an address, put into one lane of a value. */
  #loadLane(address: number, offset: number, size: number, lane: number, into: number): number {
    const { f } = this;
    if (isSmall(size)) f.get(into).get(address).loadSmall(size, offset).replace(lane);
    else f.get(address).get(into).loadLane(lane, offset);
    return f.keep(VECTOR);
  }

  #gather(expr: Extract<Expr, { kind: "gather" }>, place: Place): number {
    const { f, machine: m } = this;
    const { buffer, index, guards, rows, stride } = expr;
    const step = stepOf(index, place);
    if (apart(guards, step, place)) return this.#laneByLane(expr, place);
    const row = this.value(expr.row, place);
    const nearest = f
      .get(row)
      .get(m.i32(0))
      .vector("imax")
      .get(m.i32(rows - 1))
      .vector("imin")
      .keep(VECTOR);
    const inside = m.ieq(nearest, row);
    const size = byteSize(buffer.dtype);
    const { local, offset } = this.#address(expr, place);
    // As wide as addresses are: lanes have 32 bits, which cannot reach everything in a larger memory.
    const start = (lane: number) =>
      f
        .get(local)
        .get(nearest)
        .extract(lane)
        .i32(stride * size)
        .op("mul")
        .op("add");
    if (!this.#along(this.#variesWith(expr.row), place.vectorAxis)) {
      const at = start(0).keep(INT);
      return m.and(this.loadLanes(buffer, at, offset, step, place.width), inside);
    }
    let result = f.constant(0);
    for (let lane = 0; lane < place.width; lane++) {
      start(lane);
      if (step * lane !== 0) f.i32(step * lane * size).op("add");
      result = this.#loadLane(f.keep(INT), offset, size, lane, result);
    }
    return m.and(result, inside);
  }

  #index(index: Affine, place: Place): number {
    const { f } = this;
    const step = stepOf(index, place);
    const splat = (scalar: number) => f.get(scalar).splat();
    if (step === 0) return splat(this.scalar(index, place)).keep(VECTOR);
    // Neighboring vectors have a number in common, and differ in a constant.
    const { vectorAxis, shift } = place;
    const first = shift?.[vectorAxis] ?? 0;
    splat(this.scalar(index, { ...place, shift: shift?.with(vectorAxis, 0) }));
    return f
      .series(step * first, step)
      .vector("iadd")
      .keep(VECTOR);
  }

  /** Computes the values of all stores, then writes them. */
  storeAll(stores: readonly Store[], place: Place): void {
    const values = stores.map((s) => this.value(s.value, place));
    stores.forEach((s, n) => void this.store(s, values[n], place));
  }

  /** Writes the used lanes of a value to the place of a store. */
  store(store: Store, value: number, place: Place): void {
    const { f } = this;
    const { buffer, index, guards, accumulate, row } = store;
    const { width } = place;
    const write = (): void => {
      const step = stepOf(index, place);
      const bytes = byteSize(buffer.dtype);
      const put = (access: Store, made: (before: () => number) => number): void => {
        const { local: first, offset } = this.#address(access, place);
        const local = row === undefined ? first : this.#atRow(first, row, buffer, place);
        const result = made(() => this.loadLanes(buffer, local, offset, step, width));
        if (width === f.lanes && step === 1 && isSmall(bytes)) f.get(local).get(result).storeSmalls(bytes, offset);
        else if (width === f.lanes && step === 1) f.get(local).get(result).store(offset);
        else if (step === 1 && bytes === 4) f.storePart(local, result, width, offset);
        else for (let i = 0; i < width; i++) this.#storeLane(bytes, local, offset + i * step * bytes, result, i);
      };
      if (accumulate === undefined) return put(store, () => value);
      const { machine } = this;
      const { lost } = accumulate;
      if (lost === undefined) return put(store, (before) => machine.add(before(), value));
      let error = value;
      put(store, (before) => {
        const [sum, rounding] = sumOfAny(machine, before(), value);
        error = rounding;
        return sum;
      });
      put({ ...store, buffer: lost }, (before) => machine.add(before(), error));
    };
    const guarded = () => {
      if (guards.length === 0) return write();
      f.get(this.#condition(guards, place)).if(() => this.scope(write));
    };
    if (row === undefined) return guarded();
    this.#firstLane(row.row, place).i32(row.rows).op("below");
    f.if(() => this.scope(guarded));
  }

  /** Pushes a value that is the same in all lanes that count. */
  #firstLane(expr: Expr, place: Place): Emitter {
    return this.f.get(this.value(expr, place)).extract(0);
  }

  /** The address of element `first` of the row. */
  #atRow(first: number, { row, stride }: Row, { dtype }: Buffer, place: Place): number {
    this.#firstLane(row, place).i32(stride * byteSize(dtype));
    return this.f.op("mul").get(first).op("add").keep(INT);
  }

  #storeLane(bytes: number, local: number, offset: number, value: number, lane: number): void {
    this.f.get(local);
    if (offset < 0) this.f.i32(offset).op("add");
    this.f.get(value);
    if (isSmall(bytes)) this.f.storeSmall(bytes, lane, Math.max(0, offset));
    else this.f.storeLane(lane, Math.max(0, offset));
  }
}

/** Elements from one lane to the next. */
const stepOf = (index: Affine, { vectorAxis }: Place): number => (vectorAxis < 0 ? 0 : index.coef[vectorAxis]);

/**
 * Whether lanes must be loaded one by one: where guards do not hold, the buffer's first element is read instead, and
 * elements some steps from it may lie outside memory.
 */
const apart = (guards: readonly Guard[], step: number, place: Place): boolean =>
  guards.length > 0 && (varies(guards, place) || (step !== 0 && step !== 1));

/** Whether some guard holds for some lanes and not for others. */
const varies = (guards: readonly Guard[], { vectorAxis, width }: Place): boolean =>
  vectorAxis >= 0 && width > 1 && guards.some((g) => g.index.coef[vectorAxis] !== 0);

/** What lanes hold of a number. */
function constantBits({ dtype, value }: { dtype: DType; value: number }): number {
  if (isHalf(dtype)) return halfBits(dtype, value);
  if (dtype === "f32") return bitsOf(value);
  return dtype === "bool" ? (value === 0 ? 0 : -1) : value;
}

const isSmall = (bytes: number): bytes is Small => bytes < 4;
