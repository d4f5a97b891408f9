// Elementwise kernels: a thread for each element. Reductions: a few threads for each result.
import type { Kernel, LineKernel, MapKernel, ReduceKernel } from "../../compile/kernel.js";
import { affinesOf, expressions, instructionsOf, isRead } from "../../compile/kernel.js";
import type { LineOp } from "../../graph/node.js";
import { type Axis, arrange, stepOf } from "../../plan/axes.js";
import { pointsOf, setDigits } from "./axes.js";
import type { Bindings } from "./binding.js";
import { type Body, THREADS } from "./body.js";
import type { ThreadCost } from "./card.js";
import { Evaluator } from "./evaluate.js";
import { CHAIN, plus, total } from "./sums.js";
import type { Value, Writer } from "./text.js";

const axesOf = (kernel: Kernel): Axis[] => kernel.sizes.map((size, axis) => ({ axis, size }));

/** Axes in the order of memory that results are written in, contiguous last. */
function outerAxes(kernel: Kernel): Axis[] {
  const { all, loads } = affinesOf(kernel);
  const stores = kernel.stores.map((s) => s.index);
  const walk = stepOf([...loads, ...stores]);
  const far = (axis: number): number => (Math.abs(stores[0].coef[axis]) === 1 ? 0 : walk(axis));
  return arrange(axesOf(kernel).slice(0, kernel.outer), far, all);
}

const variablesOf = (kernel: Kernel): (string | undefined)[] => kernel.sizes.map(() => undefined);

export function mapBody(kernel: MapKernel): Body {
  const exclusive = kernel.stores[0].accumulate?.exclusive;
  const outer = exclusive === undefined ? outerAxes(kernel) : axesOf(kernel).filter((a) => a.size > 1);
  // Where stores add up, one thread goes along the axes whose steps may meet in one place.
  const spread = exclusive === undefined ? outer : outer.filter((a) => exclusive.includes(a.axis));
  const within = outer.filter((a) => !spread.includes(a));
  const points = pointsOf(spread);
  const print = (w: Writer, bindings: Bindings): void => {
    const ev = new Evaluator(w, bindings, variablesOf(kernel));
    w.line(`let at = group * ${THREADS} + lane;`);
    if (points % THREADS !== 0) w.line(`if (at >= ${points}) { return; }`);
    setDigits(ev, spread, "at");
    const walk = ([next, ...rest]: readonly Axis[]): void => {
      if (next === undefined) return ev.stores(kernel.stores);
      const name = w.name("i");
      ev.variables[next.axis] = name;
      ev.loop(name, "0", String(next.size), "1", () => walk(rest));
    };
    walk(within);
  };
  const steps = pointsOf(within) * (instructionsOf(kernel.stores.map((s) => s.value)) / 8);
  return { groups: Math.ceil(points / THREADS), steps, print, lanes: 0 };
}

/** A thread for each line, which goes along it. */
export function scanBody(kernel: LineKernel, op: NonNullable<LineOp["scan"]>): Body {
  const last = kernel.outer - 1;
  const lines = axesOf(kernel)
    .slice(0, last)
    .filter((a) => a.size > 1);
  const points = pointsOf(lines);
  const print = (w: Writer, bindings: Bindings): void => {
    const ev = new Evaluator(w, bindings, variablesOf(kernel));
    const m = ev.machine;
    w.line(`let at = group * ${THREADS} + lane;`);
    if (points % THREADS !== 0) w.line(`if (at >= ${points}) { return; }`);
    setDigits(ev, lines, "at");
    const carried = op.initial.map((value): Value => {
      const text = w.name("carried");
      w.line(`var ${text} = ${m[op.dtype](value).text};`);
      return { text, type: op.dtype };
    });
    const name = w.name("k");
    ev.variables[last] = name;
    ev.loop(name, "0", String(kernel.sizes[last]), "1", () => {
      const next = op.step(m, carried, ev.value(kernel.body)).map((v) => w.keep(op.dtype, m.as(op.dtype, v).text));
      next.forEach(({ text }, i) => void w.line(`${carried[i].text} = ${text};`));
      ev.core = next[0];
      ev.stores(kernel.stores);
    });
  };
  const steps = kernel.sizes[last] * (instructionsOf([kernel.body]) / 4);
  return { groups: Math.ceil(points / THREADS), steps, print, lanes: 0 };
}

/** How a reduction is divided: how many threads each result has, and whether neighboring threads share a result. */
interface Cut {
  readonly lanes: number;
  /** Neighboring threads share a result (they read along the reduced axes), or have results side by side. */
  readonly along: boolean;
}

const powerBelow = (n: number): number => 2 ** Math.floor(Math.log2(Math.max(1, n)));

function cut(kernel: ReduceKernel, outer: readonly Axis[], inner: readonly Axis[], { busy, wait }: ThreadCost): Cut {
  const loads = expressions([kernel.body]).flatMap((e) => (isRead(e) ? [e.index] : []));
  const unit = (axis: Axis | undefined): boolean =>
    axis !== undefined &&
    loads.every((i) => Math.abs(i.coef[axis.axis]) <= 1) &&
    loads.some((i) => i.coef[axis.axis] !== 0);
  const [results, terms] = [pointsOf(outer), pointsOf(inner)];
  const beside = unit(outer.at(-1)) && (outer.at(-1) as Axis).size >= 8;
  const along = !beside && unit(inner.at(-1));
  if (results >= busy && !(along && terms >= 32)) return { lanes: 1, along: false };
  const wanted = along ? Math.max(32, busy / results) : busy / results;
  return { lanes: Math.min(THREADS, powerBelow(terms / Math.max(1, wait)), powerBelow(wanted)), along };
}

export function reduceBody(kernel: ReduceKernel, threads: ThreadCost): Body {
  const { all } = affinesOf(kernel);
  const outer = outerAxes(kernel);
  const loads = expressions([kernel.body]).flatMap((e) => (isRead(e) ? [e.index] : []));
  const inner = arrange(axesOf(kernel).slice(kernel.outer), stepOf(loads), all);
  const { lanes, along } = cut(kernel, outer, inner, threads);
  const results = pointsOf(outer);
  const atOnce = THREADS / lanes;
  const long = kernel.op.rounds && pointsOf(inner) / lanes > CHAIN;
  const print = (w: Writer, bindings: Bindings): void => {
    const ev = new Evaluator(w, bindings, variablesOf(kernel));
    const m = ev.machine;
    w.line(`let place = ${along ? `lane / ${lanes}` : `lane % ${atOnce}`};`);
    w.line(`let first = ${along ? `lane % ${lanes}` : `lane / ${atOnce}`};`);
    w.line(`let result = group * ${atOnce} + place;`);
    // Threads without a result of their own compute the last one, so that all reach the barriers.
    const clamp = results % atOnce !== 0;
    w.line(`let at = ${clamp ? `min(result, ${results - 1})` : "result"};`);
    setDigits(ev, outer, "at");
    w.line(`var sum = ${m[kernel.op.dtype](kernel.op.initial).text};`);
    const exact = long ? plus(w, 1) : undefined;
    if (exact !== undefined) w.line("var terms = 0; var whole = array<f32, 2>();");
    const add = (): void => {
      const next = kernel.op.combine(m, { text: "sum", type: kernel.op.dtype }, ev.value(kernel.body));
      w.line(`sum = ${m.as(kernel.op.dtype, next).text};`);
      if (exact === undefined) return;
      w.line("terms++;");
      w.line(`if ((terms & ${CHAIN - 1}) == 0) { whole = ${exact}(whole[0], whole[1], sum); sum = 0; }`);
    };
    loops(ev, inner, lanes, add);
    if (exact !== undefined) w.line(`whole = ${exact}(whole[0], whole[1], sum);`);
    const step = along ? 1 : atOnce;
    if (lanes > 1 && exact !== undefined) combineWholes(ev, exact, lanes, step);
    else if (lanes > 1) combineLanes(ev, kernel, lanes, step);
    if (exact !== undefined) w.line(`sum = ${total(w, 1)}(whole[0], whole[1]);`);
    if (lanes > 1) w.block(`if (first == 0 && ${clamp ? `result < ${results}` : "true"})`, () => finish(ev, kernel));
    else if (clamp) w.block(`if (result < ${results})`, () => finish(ev, kernel));
    else finish(ev, kernel);
  };
  const steps = (pointsOf(inner) / lanes) * (instructionsOf([kernel.body]) / 4) + 4 * Math.log2(lanes);
  const words = long ? 2 : 1;
  return { groups: Math.ceil(results / atOnce), steps, print, lanes: lanes > 1 ? words : 0 };
}

function finish(ev: Evaluator, kernel: ReduceKernel): void {
  // Under a new name, since "sum" has stood for other values before.
  const core = ev.w.name("core");
  ev.w.line(`let ${core} = sum;`);
  ev.core = { text: core, type: kernel.op.dtype };
  ev.stores(kernel.stores);
}

/** Walks the reduced axes; `lanes` threads share the steps. */
function loops(ev: Evaluator, inner: readonly Axis[], lanes: number, body: () => void): void {
  const { w } = ev;
  const last = inner.at(-1);
  if (last === undefined) return body();
  const name = w.name("k");
  if (lanes > 1 && (last.size < lanes || last.size % lanes !== 0)) {
    const total = pointsOf(inner);
    return ev.loop(name, "first", String(total), String(lanes), () => {
      setDigits(ev, inner, name);
      body();
    });
  }
  const walk = ([next, ...rest]: readonly Axis[]): void => {
    if (rest.length === 0) {
      ev.variables[last.axis] = name;
      return ev.loop(name, lanes > 1 ? "first" : "0", String(last.size), String(lanes), body);
    }
    const outer = w.name("k");
    ev.variables[next.axis] = outer;
    ev.loop(outer, "0", String(next.size), "1", () => walk(rest));
  };
  walk(inner);
}

/** Combines the values of a result's threads in a fixed order, for the first of them. */
function combineLanes(ev: Evaluator, kernel: ReduceKernel, lanes: number, step: number): void {
  const { w, machine: m } = ev;
  w.line("lanes[lane] = bitcast<u32>(sum);");
  w.line("workgroupBarrier();");
  for (let half = lanes / 2; half >= 1; half /= 2) {
    ev.block(`if (first < ${half})`, () => {
      const other = w.name("o");
      w.line(`let ${other} = bitcast<${kernel.op.dtype}>(lanes[lane + ${half * step}]);`);
      const both: Value = kernel.op.combine(
        m,
        { text: "sum", type: kernel.op.dtype },
        { text: other, type: kernel.op.dtype },
      );
      w.line(`sum = ${m.as(kernel.op.dtype, both).text};`);
      if (half > 1) w.line("lanes[lane] = bitcast<u32>(sum);");
    });
    if (half > 1) w.line("workgroupBarrier();");
  }
}

/** The same for sums with their rounding errors. */
function combineWholes(ev: Evaluator, plus: string, lanes: number, step: number): void {
  const { w } = ev;
  const put = "lanes[2 * lane] = bitcast<u32>(whole[0]); lanes[2 * lane + 1] = bitcast<u32>(whole[1]);";
  w.line(put);
  w.line("workgroupBarrier();");
  for (let half = lanes / 2; half >= 1; half /= 2) {
    w.block(`if (first < ${half})`, () => {
      const at = `2 * (lane + ${half * step})`;
      w.line(`let more = bitcast<f32>(lanes[${at} + 1]);`);
      w.line(`whole = ${plus}(whole[0], whole[1] + more, bitcast<f32>(lanes[${at}]));`);
      if (half > 1) w.line(put);
    });
    if (half > 1) w.line("workgroupBarrier();");
  }
}
