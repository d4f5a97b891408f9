// Graphs that are computed again and again: Scan along sequences, and Loop as often as is known before.
import { ShapeError, scan, stack, type Tensor } from "tidu";
import { normalizeAxis } from "tidu/internal";
import { knownOf, knownTensor } from "../known.js";
import { numbersIn } from "../lists.js";
import type { GraphNode, Row, Rows } from "../node.js";

/** A tensor with one of its axes at another place, the others in their order. */
function moved(x: Tensor, from: number, to: number): Tensor {
  const order = x.shape.map((_, axis) => axis).filter((axis) => axis !== from);
  order.splice(to, 0, from);
  return from === to ? x : x.permute(order);
}

/** The graph of a node, which takes the values around it after the node's inputs. */
function bodyOf(node: GraphNode): (inputs: readonly Tensor[], around: readonly Tensor[]) => Tensor[] {
  const body = node.inner("body");
  node.captured.push(...body.captured);
  return (inputs, around) => body.run(around, inputs);
}

/** Axes and directions of sequences, 0 where the file has none. */
const listOf = (node: GraphNode, name: string): ((i: number) => number) => {
  const list = node.ints(name, []);
  return (i) => list[i] ?? 0;
};

/**
 * From states and the next elements of sequences to new states and an element of each result, step by step. In opset 8 a
 * first input may say how long each sample's sequences are, and the others have an axis of samples before all.
 */
const scanned: Row = (node) => {
  const bySample = node.opset < 9;
  const before = bySample ? 1 : 0;
  if (bySample && node.proto.input[0]) node.refuse("takes sequences of different lengths, as in opset 8");
  const sequences = node.int("num_scan_inputs", 0);
  const given = node.proto.input.length;
  const states = given - before - sequences;
  if (sequences < 1 || states < 0) node.damaged(`has num_scan_inputs ${sequences}, and ${given} inputs`);
  const [axes, places] = [listOf(node, "scan_input_axes"), listOf(node, "scan_output_axes")];
  const [backwards, turned] = [
    listOf(node, bySample ? "directions" : "scan_input_directions"),
    listOf(node, "scan_output_directions"),
  ];
  const body = bodyOf(node);
  node.results = node.proto.output.length;
  return (...x) => {
    const around = x.slice(given);
    const one = (...own: readonly Tensor[]): Tensor[] => {
      const walked = own.slice(states).map((sequence, i) => {
        const steps = moved(sequence, normalizeAxis("scan_input_axes", axes(i), sequence.rank), 0);
        return backwards(i) === 0 ? steps : steps.flip(0);
      });
      const [last, all] = stepwise((...inputs) => body(inputs, around), own.slice(0, states), walked);
      const results = all.map((result, i) => {
        const steps = turned(i) === 0 ? result : result.flip(0);
        return moved(steps, 0, normalizeAxis("scan_output_axes", places(i), result.rank));
      });
      return [...last, ...results];
    };
    const own = x.slice(before, given);
    return bySample ? eachSample(own, one) : one(...own);
  };
};

/** What a function makes of each sample: the steps of the first axis of its inputs, and of its results. */
function eachSample(x: readonly Tensor[], f: (...x: readonly Tensor[]) => readonly Tensor[]): Tensor[] {
  const samples = Array.from({ length: x[0].shape[0] ?? 0 }, (_, n) =>
    f(...x.map((t) => t.slice(0, n, n + 1).squeeze(0))),
  );
  if (samples.length === 0) throw new ShapeError("its inputs have no axis of samples");
  return stacked(samples);
}

/** Lists of the same results, each as one tensor whose first axis goes through the lists. */
const stacked = ([first = [], ...others]: readonly (readonly Tensor[])[]): Tensor[] =>
  first.map((result, i) => stack([result, ...others.map((results) => results[i])]));

/** The last states, and what each step gives, one step a row. */
function stepwise(
  body: (...x: Tensor[]) => readonly Tensor[],
  states: readonly Tensor[],
  sequences: readonly Tensor[],
): [readonly Tensor[], readonly Tensor[]] {
  return scan(
    (state: readonly Tensor[], elements: readonly Tensor[]) => {
      const made = body(...state, ...elements);
      return [made.slice(0, states.length), made.slice(states.length)];
    },
    states,
    sequences,
  );
}

/** A loop may have as many steps. */
const MOST_STEPS = 4096;

/**
 * A graph of the step's number, a condition and states, computed until the condition is false or as often as the first
 * input says. Its steps are written one after the other: each knows its number, and may make states of other shapes.
 */
const loop: Row = (node) => {
  const [count = "", condition = "", ...first] = node.proto.input;
  node.results = node.proto.output.length;
  node.takesEmpty = true;
  const body = bodyOf(node);
  const isGoing = (value: Tensor): boolean => {
    const known = knownOf(value) ?? node.refuse("has a condition that the network computes; it must be a constant");
    return known.data[0] !== 0;
  };
  return (steps, start, ...x) => {
    const [most] = count === "" ? [Number.POSITIVE_INFINITY] : numbersIn(node, "number of steps", steps, 1);
    if (most === undefined) node.damaged("has an empty list for the number of steps");
    let states = x.slice(0, first.length);
    let going = condition === "" ? knownTensor([1], [], "bool") : start;
    const rows: Tensor[][] = [];
    for (let step = 0; step < most && isGoing(going); step++) {
      if (step === MOST_STEPS) node.refuse(`has more than ${MOST_STEPS} steps`);
      const made = body([knownTensor([step], [], "i32"), going, ...states], x.slice(first.length));
      going = made[0];
      states = made.slice(1, first.length + 1);
      rows.push(made.slice(first.length + 1));
    }
    const all = stacked(rows);
    if (first.length + all.length < node.results) node.refuse("has no steps, so its results have no elements");
    return [...states, ...all];
  };
};

export const LOOPS: Rows = { Scan: scanned, Loop: loop };
