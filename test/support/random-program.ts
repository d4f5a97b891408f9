// Random programs for property tests.
import fc from "fast-check";
import type { TypedArray } from "../../packages/tidu/src/base/dtype.js";
import { type Shape, sameShape, sizeOf } from "../../packages/tidu/src/base/shape.js";
import { printGraph } from "../../packages/tidu/src/compile/print.js";
import { selection } from "../../packages/tidu/src/compile/selection.js";
import { gradient } from "../../packages/tidu/src/grad/reverse.js";
import {
  type ElementwiseOp,
  makeNode,
  makeStorage,
  type Node,
  type Storage,
} from "../../packages/tidu/src/graph/node.js";
import * as ops from "../../packages/tidu/src/graph/ops/index.js";
import { cumsumOp, intCumsumOp, scan } from "../../packages/tidu/src/line/scan.js";
import { argsortOp } from "../../packages/tidu/src/line/sort.js";
import type { Update } from "../../packages/tidu/src/tensor/realizer.js";
import { concat, Tensor } from "../../packages/tidu/src/tensor/tensor.js";
import { Choices } from "./choices.js";
import { mapBetween, randomMap, windowing } from "./random-maps.js";
import { type Fill, Shelf } from "./shelf.js";

/** A program, and the contents of its storages before it runs. */
export interface RandomProgram {
  readonly updates: readonly Update[];
  readonly contents: ReadonlyMap<Storage, TypedArray>;
}

const el = ops.elementwise;
const UNARY = [el.neg, el.abs, el.relu, el.sign, el.floor, el.exp, el.log, el.expm1, el.log1p, el.sqrt, el.sin, el.cos];
const MORE_UNARY = [el.tanh, el.sigmoid, el.softplus, el.erf];
const BINARY = [el.add, el.sub, el.mul, el.maximum, el.minimum, el.div, el.pow];
const COMPARE = [el.lt, el.le, el.eq];

/** Limits for the length of programs and the size of their values. */
export interface Limits {
  readonly steps: number;
  /** Most elements of a value. */
  readonly elements: number;
  /** Sizes of axes. */
  readonly sizes: readonly number[];
}

export const SMALL: Limits = { steps: 12, elements: 3000, sizes: [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 17, 24, 33] };
/** Large enough for kernels to be shared between threads. */
export const LARGE: Limits = { steps: 8, elements: 40000, sizes: [5, 16, 31, 64, 100, 1, 8, 257] };

/** A few long rows: loops of whole cache lines, and short ones around them. */
export const LONG: Limits = { steps: 8, elements: 20000, sizes: [3, 1031, 2, 700, 4, 1, 2053] };

/** Draws a program from a list of numbers. On a failure, the list shrinks to shorter ones with smaller numbers. */
export const randomProgram = (limits: Limits = SMALL): fc.Arbitrary<RandomProgram> =>
  fc
    .tuple(
      fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }),
      fc.array(fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }), { maxLength: limits.steps, size: "max" }),
    )
    .map(([head, body]) => build(head, body, limits))
    .map((p) => Object.assign(p, { [fc.toStringMethod]: () => describe(p) }));

const describe = ({ updates }: RandomProgram): string =>
  `\n${printGraph(updates.map((u) => u.value))}\ninto ${updates.map((u) => `#${u.storage.id}`)}\n`;

/** Builds a program from the drawn numbers: every list gives some valid program. */
export function build(head: readonly number[], body: readonly (readonly number[])[], limits: Limits): RandomProgram {
  const first = new Choices(head);
  const maker = new Maker(first.pick(["numbers", "integers", "numbers"] as const), limits);
  maker.input(first);
  maker.input(first);
  for (const numbers of body) maker.step(new Choices(numbers));
  return maker.finish(first);
}

const isWhole = ({ dtype }: Node): boolean => dtype === "i32" || dtype === "u8";
const widened = (x: Node): Node => (x.dtype === "u8" ? ops.apply(el.widen, x) : x);

class Maker {
  readonly #nodes: Node[] = [];
  readonly #shelf = new Shelf();
  readonly #selections = new Map<string, { rows: Node; inverse: Node }>();

  constructor(
    readonly fill: "integers" | "numbers",
    readonly limits: Limits,
  ) {}

  finish(c: Choices): RandomProgram {
    const updates: Update[] = [];
    // Values that nothing else uses, so that the others can be fused, and sometimes one that is used.
    const inner = new Set(this.#nodes.flatMap((n) => n.inputs));
    const ends = this.#nodes.filter((n) => !inner.has(n)).slice(-4);
    const last = c.oneIn(3) ? [...ends, c.pick(this.#nodes)] : ends;
    const used = new Set<Storage>();
    for (const value of new Set(last)) {
      // Some results overwrite an input of the same type.
      const targets = [...this.#shelf.contents.keys()].filter(
        (s) => s.dtype === value.dtype && sameShape(s.shape, value.shape) && !used.has(s),
      );
      const storage = targets.length > 0 && c.oneIn(2) ? c.pick(targets) : makeStorage(value.shape, value.dtype);
      used.add(storage);
      updates.push({ storage, value });
    }
    return { updates, contents: this.#shelf.contents };
  }

  #keep(node: Node): void {
    if (sizeOf(node.shape) <= this.limits.elements) this.#nodes.push(node);
  }

  #any(c: Choices, wanted: (n: Node) => boolean = (n) => n.dtype === "f32"): Node {
    const found = this.#nodes.filter(wanted);
    if (found.length === 0) return this.#nodes[0];
    return c.oneIn(2) ? c.pick(found) : found[found.length - 1];
  }

  #shape(c: Choices, most = 4): number[] {
    const shape = Array.from({ length: c.below(most + 1) }, () => c.pick(this.limits.sizes));
    while (sizeOf(shape) > this.limits.elements) shape.pop();
    return shape;
  }

  input(c: Choices): void {
    this.#store(this.#shape(c), this.fill, c.below(1000));
  }

  #store(shape: Shape, fill: Fill, seed: number): Node {
    const node = ops.fromStorage(this.#shelf.add(shape, fill, seed, this.fill === "integers"));
    this.#nodes.push(node);
    return node;
  }

  /** Another value in a given shape, through a random map. */
  #fit(c: Choices, shape: Shape): Node {
    const x = this.#any(c);
    return sameShape(x.shape, shape) ? x : ops.view(x, mapBetween(shape, x.shape, c));
  }

  step(c: Choices): void {
    const kinds: (() => Node | undefined)[] = [
      () => this.#unary(c),
      () => this.#binary(c),
      () => this.#moved(c),
      () => this.#reduced(c),
      () => this.#contracted(c),
      () => this.#contracted(c),
      () => this.#contracted(c),
      () => this.#reduced(c),
      () => this.#binary(c),
      () => this.#reshaped(c),
      () => this.#folded(c),
      () => this.#chosen(c),
      () => this.#gathered(c),
      () => this.#selected(c),
      () => this.#spread(c),
      () => this.#differentiated(c),
      () =>
        this.#store(
          this.#shape(c),
          c.pick<Fill>([this.fill, this.fill, "indices", "bytes", "halves", "brains"]),
          c.below(1000),
        ),
      () => ops.full(c.pick([0, 1, -1, 2, 0.5, 3]), this.#shape(c)),
      () => ops.apply(el.intToFloat, ops.index(this.#shape(c))),
      () => this.#converted(c),
      () => this.#halved(c),
      () => this.#composed(c),
      () => this.#along(c),
      () => this.#found(c),
      () => this.#found(c),
      () => this.#taken(c),
      () => this.#taken(c),
      () => this.#scattered(c),
      () => this.#decided(c),
      () => this.#narrowed(c),
    ];
    const node = c.pick(kinds)();
    if (node !== undefined) this.#keep(node);
  }

  /** Operations that tensors compose of several ops. */
  #composed(c: Choices): Node | undefined {
    const x = this.#any(c, (n) => n.dtype === "f32" && n.shape.length > 0);
    if (x.shape.length === 0) return undefined;
    const t = new Tensor(x);
    const axis = c.below(t.rank);
    const kinds: (() => Tensor)[] = [
      () => t.softmax(axis),
      () => t.logSoftmax(axis),
      () => t.argmax(axis),
      () => t.mean(axis, c.oneIn(2)),
      () => t.flatten(axis),
      () => concat([t, t.flip(axis), t.slice(axis, 0, 1)], axis),
      () => t.matmul(t.rank === 1 ? t : t.transpose()),
    ];
    return c.pick(kinds)().node;
  }

  /** Operations along an axis. */
  #along(c: Choices): Node | undefined {
    const x = this.#any(c, (n) => n.shape.length > 0 && (n.dtype === "f32" || n.dtype === "i32"));
    if (x.shape.length === 0) return undefined;
    const axis = c.below(x.shape.length);
    if (x.dtype === "f32") return scan(cumsumOp, x, axis);
    return c.oneIn(2) ? scan(intCumsumOp, x, axis) : makeNode(argsortOp, [x], { axis });
  }

  /** Whole numbers that the program finds: places, orders, counts, rounded sums; what takes by them may be in the same kernel. */
  #found(c: Choices): Node | undefined {
    const x = this.#any(c, (n) => n.dtype === "f32" && n.shape.length > 0);
    if (x.shape.length === 0) return undefined;
    const axis = c.below(x.shape.length);
    const rounded = (y: Node): Node => ops.apply(el.floatToInt, ops.apply(el.mul, y, ops.full(1.7, y.shape)));
    const asked = (y: Node): Node => ops.apply(el.boolToInt, ops.apply(c.pick(COMPARE), y, this.#fit(c, y.shape)));
    const kinds: (() => Node)[] = [
      () => rounded(x),
      () => new Tensor(x).argmax(axis).node,
      () => rounded(ops.reduce(c.pick([ops.sumOp, ops.maxOp, ops.minOp]), x, [axis])),
      () => ops.reduce(ops.intSumOp, asked(x), [axis]),
      () => scan(intCumsumOp, asked(x), axis),
      () => makeNode(argsortOp, [rounded(x)], { axis }),
      () => rounded(scan(cumsumOp, x, axis)),
      () => rounded(new Tensor(x).matmul(x.shape.length === 1 ? new Tensor(x) : new Tensor(x).transpose()).node),
    ];
    return c.pick(kinds)();
  }

  /** Whole numbers, if there are any: bytes or i32. */
  #rows(c: Choices): Node | undefined {
    const rows = this.#any(c, isWhole);
    return isWhole(rows) && rows.shape.length <= 2 ? rows : undefined;
  }

  /** Rows by the newest whole numbers of a value of any type, which is often the newest, too. */
  #taken(c: Choices): Node | undefined {
    const rows = this.#rows(c) ?? this.#found(c);
    const table = this.#any(c, (n) => n.shape.length > 0);
    if (rows === undefined || table.shape.length === 0) return undefined;
    const taken = ops.gather(table, rows, { axis: c.below(table.shape.length) });
    // What was taken, with what it was taken by.
    const shift = (): Node => ops.view(ops.apply(el.intToFloat, widened(rows)), mapBetween(taken.shape, rows.shape, c));
    if (taken.dtype !== "f32" || sizeOf(taken.shape) > this.limits.elements) return taken;
    return c.oneIn(3) ? ops.apply(el.mul, taken, shift()) : taken;
  }

  /** Values added up in the rows that whole numbers name. */
  #scattered(c: Choices): Node | undefined {
    const rows = this.#rows(c);
    if (rows === undefined) return undefined;
    const [before, after] = [this.#shape(c, 1), this.#shape(c, 1)];
    const shape = [...before, ...rows.shape, ...after];
    if (sizeOf(shape) > this.limits.elements) return undefined;
    return ops.scatter(this.#fit(c, shape), rows, { axis: before.length, size: c.pick(this.limits.sizes) });
  }

  /** One of two values, by a comparison of whole numbers. */
  #decided(c: Choices): Node | undefined {
    const found = this.#any(c, isWhole);
    if (!isWhole(found)) return undefined;
    const x = widened(found);
    const test = ops.apply(c.pick([el.intLt, el.intLe, el.intEq]), x, ops.full(c.below(5), x.shape, "i32"));
    return ops.apply(el.where, test, this.#fit(c, x.shape), this.#fit(c, x.shape));
  }

  /** Whole numbers as bytes. */
  #narrowed(c: Choices): Node | undefined {
    const x = this.#any(c, (n) => n.dtype === "i32");
    if (x.dtype !== "i32") return undefined;
    return ops.apply(el.narrow, x);
  }

  #unary(c: Choices): Node {
    const some: ElementwiseOp[] = this.fill === "integers" ? UNARY.slice(0, 5) : [...UNARY, ...MORE_UNARY];
    return ops.apply(c.pick(some), this.#any(c));
  }

  #binary(c: Choices): Node {
    const x = this.#any(c);
    return ops.apply(c.pick(BINARY.slice(0, this.fill === "integers" ? 5 : 7)), x, this.#fit(c, x.shape));
  }

  #moved(c: Choices): Node {
    const x = this.#any(c, () => true);
    return ops.view(x, randomMap(x.shape, c));
  }

  #reduced(c: Choices): Node {
    const x = this.#any(c);
    const axes = x.shape.flatMap((_, i) => (c.oneIn(2) ? [i] : []));
    return ops.reduce(c.pick([ops.sumOp, ops.sumOp, ops.maxOp, ops.minOp]), x, axes);
  }

  /** A sum of products over random labels. */
  #contracted(c: Choices): Node | undefined {
    const own = Array.from({ length: c.between(1, 4) }, (_, i) => ({
      name: `l${i}`,
      size: c.pick(this.limits.sizes),
      kind: c.below(4),
    }));
    if (own.reduce((n, l) => n * l.size, 1) > 20 * this.limits.elements) return undefined;
    const shuffle = (list: string[]): string[] =>
      c.oneIn(2) ? list : c.oneIn(2) ? list.reverse() : [...list.slice(1), ...list.slice(0, 1)];
    const [SUM, LEFT, RIGHT] = [0, 1, 2];
    const a = shuffle(own.filter((l) => l.kind !== RIGHT).map((l) => l.name));
    const b = shuffle(own.filter((l) => l.kind !== LEFT).map((l) => l.name));
    const out = shuffle(own.filter((l) => l.kind !== SUM).map((l) => l.name));
    const sizes = (labels: string[]) => labels.map((l) => own.find((o) => o.name === l)?.size as number);
    return ops.contract(this.#fit(c, sizes(a)), this.#fit(c, sizes(b)), { a, b, out });
  }

  /** A sum over a view of a sum of products, such as a trace, or windows added up. */
  #folded(c: Choices): Node | undefined {
    const product = this.#contracted(c);
    if (product === undefined || product.shape.length === 0) return undefined;
    const domain = this.#shape(c, 3);
    const seen = ops.view(product, mapBetween(domain, product.shape, c));
    const axes = domain.flatMap((_, i) => (c.oneIn(2) ? [i] : []));
    return ops.reduce(ops.sumOp, seen, axes);
  }

  #reshaped(c: Choices): Node {
    const x = this.#any(c, () => true);
    const { shape } = x;
    const at = c.below(shape.length + 1);
    const merged = (): number[] => {
      const end = at + c.between(1, 3);
      return [...shape.slice(0, at), sizeOf(shape.slice(at, end)), ...shape.slice(end)];
    };
    const split = (): number[] => {
      if (at === shape.length) return [...shape, 1];
      const divisor = c.pick([2, 3, 4].filter((d) => shape[at] % d === 0).concat(1));
      return [...shape.slice(0, at), shape[at] / divisor, divisor, ...shape.slice(at + 1)];
    };
    return c.oneIn(8) ? ops.stopGradient(x) : ops.reshape(x, c.oneIn(2) ? split() : merged());
  }

  #chosen(c: Choices): Node {
    const x = this.#any(c);
    let test = ops.apply(c.pick(COMPARE), x, this.#fit(c, x.shape));
    if (c.oneIn(3)) test = ops.apply(c.pick([el.and, el.or]), test, ops.apply(el.lt, this.#fit(c, x.shape), x));
    if (c.oneIn(3)) test = ops.apply(el.not, test);
    if (c.oneIn(4)) return test;
    return c.oneIn(3) ? ops.apply(el.boolToFloat, test) : ops.apply(el.where, test, x, this.#fit(c, x.shape));
  }

  #gathered(c: Choices): Node | undefined {
    const table = this.#any(c, (n) => n.shape.length > 0);
    if (table.shape.length === 0) return undefined;
    const integers = (n: Node) => n.dtype === "i32" || n.dtype === "u8";
    let rows = c.oneIn(2) ? this.#any(c, integers) : ops.index([c.pick(this.limits.sizes)]);
    if (!integers(rows))
      rows = this.#store([c.pick(this.limits.sizes)], c.pick<Fill>(["indices", "bytes"]), c.below(1000));
    const axis = c.below(table.shape.length);
    return ops.gather(table, rows, { axis });
  }

  /** Gathers some rows, or scatters rows among zeros, with a known inverse. */
  #selected(c: Choices): Node | undefined {
    const x = this.#any(c, (n) => n.dtype === "f32" && n.shape.length > 0);
    if (x.shape.length === 0) return undefined;
    const axis = c.below(x.shape.length);
    const size = x.shape[axis];
    if (c.oneIn(2)) {
      const { rows, inverse } = this.#selection(c, size, c.between(1, size));
      return selection(x, rows, inverse, axis, true);
    }
    const { rows, inverse } = this.#selection(c, c.between(size, size + 3), size);
    return selection(x, inverse, rows, axis, false);
  }

  /**
   * `count` different rows out of `size`, and for each of the `size` rows its position among them, or -1. Few such
   * lists are made, and each is used often.
   */
  #selection(c: Choices, size: number, count: number): { rows: Node; inverse: Node } {
    const known = this.#selections.get(`${size},${count}`);
    if (known !== undefined) return known;
    const left = Array.from({ length: size }, (_, i) => i);
    const rows = Int32Array.from({ length: count }, () => left.splice(c.below(left.length), 1)[0]);
    const inverse = Int32Array.from({ length: size }, (_, i) => rows.indexOf(i));
    const keep = (data: Int32Array) => ops.fromStorage(this.#shelf.put(data));
    const made = { rows: keep(rows), inverse: keep(inverse) };
    this.#selections.set(`${size},${count}`, made);
    return made;
  }

  /** The transpose of a view. The shape of its source is drawn, or taken from a map that could have been a view. */
  #spread(c: Choices): Node | undefined {
    const x = this.#any(c);
    if (c.oneIn(3)) return ops.unview(x, mapBetween(x.shape, this.#shape(c), c));
    const y = this.#any(c);
    const map = c.oneIn(2) ? windowing(y.shape, c) : randomMap(y.shape, c);
    if (sizeOf(map.domain) > this.limits.elements) return undefined;
    return ops.unview(this.#fit(c, map.domain), map);
  }

  #differentiated(c: Choices): Node | undefined {
    const y = this.#any(c);
    const x = this.#any(c);
    const [dx] = gradient(
      ops.reduce(
        ops.sumOp,
        y,
        y.shape.map((_, i) => i),
      ),
      [x],
    );
    return dx;
  }

  /** Rounded to a half, and often seen as f32 again. */
  #halved(c: Choices): Node {
    const [shorten, widen] = c.pick([
      [el.floatToHalf, el.halfToFloat],
      [el.floatToBrain, el.brainToFloat],
    ] as const);
    const half = ops.apply(shorten, this.#any(c));
    return c.oneIn(2) ? half : ops.apply(widen, half);
  }

  #converted(c: Choices): Node | undefined {
    const x = this.#any(c, (n) => n.dtype !== "f32");
    if (x.dtype === "f32") return ops.apply(el.floatToInt, x);
    if (x.dtype === "bool") return ops.apply(el.boolToFloat, x);
    const widen = ops.WIDEN[x.dtype];
    if (widen !== undefined) return ops.apply(widen, x);
    return c.oneIn(2) ? ops.apply(el.intToFloat, x) : ops.apply(el.intAdd, x, x);
  }
}
