// Sorting on a card: pieces of a line by counting what stands before each element; longer lines by merging the pieces, in
// which each thread finds its elements' places by halving.
import type { Kernel, LineKernel, Store } from "../../compile/kernel.js";
import { pointsOf, setDigits } from "./axes.js";
import type { Bindings } from "./binding.js";
import { type Body, THREADS } from "./body.js";
import { Evaluator } from "./evaluate.js";
import type { Writer } from "./text.js";

/** Elements of a piece that is sorted by counting. */
const PIECE = 256;

/** The kernel without memory for intermediate steps, if it is a sort that does not need any. */
export function withoutUnused(kernel: Kernel): Kernel {
  if (kernel.kind !== "line" || !kernel.op.sorts || kernel.sizes[kernel.outer - 1] > PIECE) return kernel;
  return { ...kernel, stores: kernel.stores.slice(0, 1) };
}

/** A thread for each element, or a workgroup for each line that is longer than a piece. */
export function sortBody(kernel: LineKernel): Body {
  const axis = kernel.outer - 1;
  const length = kernel.sizes[axis];
  const lines = kernel.sizes.slice(0, axis).flatMap((size, i) => (size > 1 ? [{ axis: i, size }] : []));
  const count = pointsOf(lines);
  const passes = Math.max(0, Math.ceil(Math.log2(length / PIECE)));
  const print = (w: Writer, bindings: Bindings): void => {
    const { key, access } = functionsOf(kernel, lines, w, bindings);
    const [result, between] = kernel.stores;
    const [first, second] = passes % 2 === 0 ? [result, between] : [between, result];
    const piece = `min(${PIECE}, ${length} - start)`;
    /** Puts an element in its place among those of its piece. */
    const place = (): void => {
      w.line(`let start = i - i % ${PIECE};`);
      w.line(`let own = ${key}(line, i);`);
      w.line("var before = 0;");
      w.block(`for (var j = 0; j < ${piece}; j++)`, () => {
        w.line(`let other = ${key}(line, start + j);`);
        w.line("if (other < own || (other == own && start + j < i)) { before++; }");
      });
      w.line(`${access(first).put}(line, start + before, i);`);
    };
    if (passes === 0) {
      w.line(`let at = group * ${THREADS} + lane;`);
      w.line(`if (at >= ${count * length}) { return; }`);
      w.line(`let line = at / ${length};`);
      w.line(`let i = at % ${length};`);
      return place();
    }
    w.line("let line = group;");
    w.block(`for (var i = lane; i < ${length}; i += ${THREADS})`, place);
    for (let n = 0; n < passes; n++) {
      w.line("storageBarrier(); workgroupBarrier();");
      const [from, to] = n % 2 === 0 ? [first, second] : [second, first];
      w.block(`for (var i = lane; i < ${length}; i += ${THREADS})`, () =>
        merge(w, key, access(from).read, access(to).put, PIECE * 2 ** n, length),
      );
    }
  };
  const steps = passes === 0 ? Math.min(length, PIECE) : (length / THREADS) * (PIECE + passes * Math.log2(length));
  return { groups: passes === 0 ? Math.ceil((count * length) / THREADS) : count, steps, print, lanes: 0 };
}

/** Puts an element in its place in two pieces together: behind those of the other that come before it. */
function merge(w: Writer, key: string, read: string, put: string, size: number, length: number): void {
  w.line(`let number = ${read}(line, i);`);
  w.line(`let own = ${key}(line, number);`);
  w.line(`let start = i - i % ${2 * size};`);
  w.line(`let middle = min(start + ${size}, ${length});`);
  w.line("let left = i < middle;");
  w.line("var low = select(start, middle, left);");
  w.line(`var high = select(middle, min(middle + ${size}, ${length}), left);`);
  w.line("let first = low;");
  w.block("while (low < high)", () => {
    w.line("let half = (low + high) / 2;");
    w.line(`let other = ${key}(line, ${read}(line, half));`);
    // Of equal ones those of the left piece come first.
    w.line("if (other < own || (!left && other == own)) { low = half + 1; } else { high = half; }");
  });
  w.line("let place = low - first + i - select(middle - start, 0, left);");
  w.line(`${put}(line, place, number);`);
}

/** Functions of the shader: the number by which an element is sorted, and the access to a place of a store. */
function functionsOf(kernel: LineKernel, lines: { axis: number; size: number }[], w: Writer, bindings: Bindings) {
  const axis = kernel.outer - 1;
  const define = (parameters: string, body: (ev: Evaluator, inner: Writer) => void, result?: string): string =>
    w.define(
      parameters,
      (inner) => {
        const ev = new Evaluator(
          inner,
          bindings,
          kernel.sizes.map(() => undefined),
        );
        setDigits(ev, lines, "line");
        ev.variables[axis] = "k";
        body(ev, inner);
      },
      result,
    );
  const key = define(
    "line: i32, k: i32",
    (ev, inner) => inner.line(`return ${ev.machine.as("i32", ev.value(kernel.body)).text};`),
    "i32",
  );
  const known = new Map<Store, { read: string; put: string }>();
  const access = (store: Store) => {
    let found = known.get(store);
    if (found === undefined) {
      const read = define(
        "line: i32, k: i32",
        (ev, inner) => inner.line(`return ${ev.load(store.buffer, ev.index(store.index)).text};`),
        "i32",
      );
      const put = define("line: i32, k: i32, number: i32", (ev) => ev.store(store, { text: "number", type: "i32" }));
      known.set(store, (found = { read, put }));
    }
    return found;
  };
  return { key, access };
}
